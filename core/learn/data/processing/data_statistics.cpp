// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/processing/data_statistics.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "core/geo/polygon.h"
#include "core/learn/data/conversation.h"
#include "core/learn/data/loading/name_hash.h"

namespace orthoscribe::learn {
namespace {

constexpr double kSquare = 1.05;  // a longer side up to this factor says nothing of an angle

std::int64_t wordsIn(const std::string& text) {
  std::istringstream words(text);
  std::string word;
  std::int64_t count = 0;
  while (words >> word) ++count;
  return count;
}

std::string withoutMarkers(std::string text) {
  for (std::size_t at = text.find(kImageMarker); at != std::string::npos; at = text.find(kImageMarker))
    text.erase(at, kImageMarker.size());
  const std::size_t begin = text.find_first_not_of(" \n\t");
  return begin == std::string::npos ? std::string() : text.substr(begin);
}

std::string firstExchange(const std::vector<Turn>& turns) {
  std::string text;
  for (const Turn& turn : turns) {
    if (turn.role == Role::System) continue;
    text += (text.empty() ? "" : "\n") + withoutMarkers(turn.text);
    if (turn.role == Role::Assistant) break;
  }
  return text;
}

// A few words about the picture, if there are any.
std::string textOf(const Record& record) {
  if (!record.turns.empty()) return firstExchange(record.turns);
  if (!record.captions.empty()) return record.captions.front();
  if (!record.questions.empty()) return record.questions.front().question + "\n" + record.questions.front().answer;
  return record.phrases.empty() ? record.sceneClass : record.phrases.front().phrase;
}

}  // namespace

void Histogram::add(double value) {
  if (!std::isfinite(value)) return;
  ++bins_[static_cast<std::int64_t>(std::floor(value / binWidth_))];
  ++count_;
  sum_ += value;
}

std::vector<std::int64_t> Histogram::bins() const {
  if (bins_.empty()) return {};
  std::vector<std::int64_t> counts(static_cast<std::size_t>(bins_.rbegin()->first - bins_.begin()->first + 1), 0);
  for (const auto& [bin, count] : bins_) counts[static_cast<std::size_t>(bin - bins_.begin()->first)] = count;
  return counts;
}

double Histogram::begin() const {
  return bins_.empty() ? 0.0 : static_cast<double>(bins_.begin()->first) * binWidth_;
}

void DataStatistics::addObject(const LabelledShape& object) {
  ClassCount& count = classes_[object.label];
  ++count.objects;
  if (object.difficult) ++count.difficult;
  boxSides_.add(std::log2(std::max(1e-9, std::sqrt(geo::area(object.quad)))));
  const geo::OrientedBox box = geo::minimumAreaRectangle(object.quad);
  if (box.longSide > kSquare * box.shortSide) boxAngles_.add(box.angleDeg);
}

void DataStatistics::addCaption(const std::string& caption) {
  captionWords_.add(static_cast<double>(wordsIn(caption)));
}

void DataStatistics::addPicture(const std::string& image, const std::string& source, int width, int height,
                                const std::vector<LabelledShape>& objects) {
  if (!source.empty()) sources_.insert(source);
  const bool isNew = pictures_.insert(image).second;
  if (isNew && width > 0 && height > 0) ++pictureSizes_[std::to_string(width) + " x " + std::to_string(height)];
  // Several conversations about a picture may each hold its objects.
  if (objects.empty() || !labelled_.insert(image).second) return;
  std::set<std::string> present;
  for (const LabelledShape& object : objects) {
    addObject(object);
    present.insert(object.label);
  }
  for (const std::string& label : present) ++classes_[label].pictures;
  objectsPerPicture_.add(static_cast<double>(objects.size()));
}

void DataStatistics::keep(const std::string& kind, Specimen specimen) {
  std::vector<Specimen>& kept = specimens_[kind];
  const auto same = [&](const Specimen& one) { return one.image == specimen.image; };
  if (std::any_of(kept.begin(), kept.end(), same)) return;
  const auto place = std::find_if(kept.begin(), kept.end(), [&](const Specimen& one) { return specimen.rank < one.rank; });
  kept.insert(place, std::move(specimen));
  if (kept.size() > specimensPerKind_) kept.pop_back();
}

void DataStatistics::addTurns(const Record& record) {
  turns_ += static_cast<std::int64_t>(record.turns.size());
  if (record.turns.empty()) return;
  ++tasks_[record.task.empty() ? "not told" : record.task];
  if (!record.type.empty()) ++questionTypes_[record.type];
  if (record.turns.back().role != Role::Assistant) return;
  if (record.task == "caption" && record.captions.empty()) addCaption(record.turns.back().text);
  if (record.task == "classification" && record.sceneClass.empty()) ++scenes_[record.turns.back().text];
}

void DataStatistics::add(const Record& record) {
  ++samples_;
  addTurns(record);
  if (!record.sceneClass.empty()) ++scenes_[record.sceneClass];
  for (const std::string& caption : record.captions) addCaption(caption);
  for (const RecordQuestion& question : record.questions) ++questionTypes_[question.type.empty() ? "not told" : question.type];
  if (record.image.empty()) return;
  const std::string image = record.image.generic_string();
  addPicture(image, record.source, record.widthPx, record.heightPx, record.objects);
  Specimen specimen{record.image, record.objects, textOf(record), nameHash(record.image.filename().string())};
  for (const LabelledShape& object : record.objects) keep(object.label, specimen);
  if (!record.objects.empty()) return;
  const std::string kind = !record.sceneClass.empty() ? record.sceneClass : record.task;
  keep(kind.empty() ? "other pictures" : kind, std::move(specimen));
}

void addRecords(DataStatistics& statistics, RecordReader& reader, const ProgressCallback& progress, const CancelToken& cancel) {
  std::int64_t done = 0;
  while (const auto record = reader.next()) {
    cancel.throwIfCancelled();
    statistics.add(*record);
    if (progress) progress({++done, reader.size(), "records", {}});
  }
}

}  // namespace orthoscribe::learn
