// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/readers/intake.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/error.h"
#include "core/learn/data/picture_file.h"
#include "core/learn/data/shape_clip.h"

namespace orthoscribe::learn {
namespace {

// DOTA's tools for tiles take objects of which less is left as difficult.
constexpr double kEasyShare = 0.7;
constexpr double kFarthest = 1e6;  // pixels, as in text files; areas of much larger boxes are no numbers

bool isPlace(double coordinate) {
  return std::abs(coordinate) <= kFarthest;
}

// "(3.5, 10) to (8, 12)"
std::string boundsText(const geo::Quad& quad) {
  const auto [left, right] = std::ranges::minmax(quad, {}, &geo::Point::x);
  const auto [top, bottom] = std::ranges::minmax(quad, {}, &geo::Point::y);
  const auto number = [](double value) {
    std::string text = std::to_string(value);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text;
  };
  return "(" + number(left.x) + ", " + number(top.y) + ") to (" + number(right.x) + ", " + number(bottom.y) + ")";
}

}  // namespace

bool Intake::picture(Record& record) {
  unreadLabels_ = false;
  if (record.image.empty()) return true;
  try {
    if (record.image != lastPicture_) {
      lastSize_ = pictureSize(record.image);
      lastPicture_ = record.image;
    }
  } catch (const Error& error) {
    report_.skip({BadKind::UnreadableImage, record.where, error.message()});
    return false;
  }
  record.widthPx = lastSize_.width;
  record.heightPx = lastSize_.height;
  return true;
}

void Intake::object(Record& record, LabelledShape shape, const std::string& where) {
  const std::optional<std::string> name = className(shape.label, where);
  const geo::Quad whole = shape.quad;
  if (!name || !place(record, shape.quad, where)) return;
  shape.label = *name;
  if (shape.quad != whole && visibleShare(whole, record.widthPx, record.heightPx) < kEasyShare) shape.difficult = true;
  record.objects.push_back(std::move(shape));
  report_.good();
}

void Intake::phrase(Record& record, RecordPhrase phrase, const std::string& where) {
  if (!place(record, phrase.quad, where)) return;
  record.phrases.push_back(std::move(phrase));
  report_.good();
}

void Intake::labelled(Record& record) {
  record.objectsKnown = !record.objects.empty() || !unreadLabels_;
  report_.good();
}

std::optional<std::string> Intake::className(const std::string& label, const std::string& where) {
  std::optional<std::string> name = classes_.known(label);
  if (!name) report_.skip({BadKind::UnknownClass, where, classes_.whyUnknown(label)});
  return name;
}

void Intake::broken(const std::string& where, const std::string& what) {
  unreadLabels_ = true;
  report_.skip({BadKind::BrokenRecord, where, what});
}

bool Intake::attempt(const std::string& where, const std::function<void()>& read) {
  std::string fault;
  try {
    read();
    return true;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::InvalidInput) throw;
    fault = error.message();
  }
  broken(where, fault);
  return false;
}

bool Intake::place(const Record& record, geo::Quad& quad, const std::string& where) {
  if (!std::ranges::all_of(quad, [](geo::Point corner) { return isPlace(corner.x) && isPlace(corner.y); })) {
    broken(where, "a box with a number that a picture cannot have");
    return false;
  }
  if (hasNoArea(quad)) {
    report_.skip({BadKind::NoArea, where, "a box without area, " + boundsText(quad)});
    return false;
  }
  const std::optional<geo::Quad> visible = clippedTo(quad, record.widthPx, record.heightPx);
  if (!visible) {
    report_.skip({BadKind::OutsideImage, where,
                  "a box outside the picture, " + boundsText(quad) + " on " + std::to_string(record.widthPx) + "x" +
                      std::to_string(record.heightPx) + " pixels"});
    return false;
  }
  if (*visible != quad) report_.clipped();
  quad = *visible;
  return true;
}

}  // namespace orthoscribe::learn
