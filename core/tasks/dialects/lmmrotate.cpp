// SPDX-License-Identifier: GPL-2.0-or-later
// LMMRotate on Florence-2: "ship<loc_1>...<loc_8><sep><loc_1>...", eight location tokens a polygon, the name before the first of
// its class. A token is one of a thousand bins of the picture's side and stands for its middle (LMMRotate's
// convert_dota_for_sft.py, version 3, and Florence-2's quantiser).
#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "core/tasks/dialects/dialects.h"
#include "core/tasks/dialects/grammar.h"

namespace orthoscribe::tasks {
namespace {

constexpr double kBins = 1000.0;
constexpr std::size_t kNumbers = 8;
constexpr std::size_t kNowhere = std::string_view::npos;
constexpr std::string_view kToken = "<loc_";
constexpr std::size_t kLongestToken = 32;  // what goes on longer after '<' is no token

class Scanner {
 public:
  Scanner(std::string_view text, const PictureFrame& frame, const std::vector<std::string>& classes)
      : text_(text), frame_(frame), classes_(classes) {}

  ParsedAnswer run(bool final) {
    std::size_t at = 0;
    while (at < text_.size()) {
      const std::size_t length = text_[at] == '<' ? tagLength(at) : 0;
      if (length == kNowhere && !final) break;
      if (length == 0 || length == kNowhere) {
        readPlain(at);
        ++at;
        continue;
      }
      readTag(at, length);
      at += length;
    }
    if (final) giveUp(text_.size());
    answer_.consumed = std::min({at, label_.empty() ? kNowhere : labelBegin_, begin_, saidBegin_});
    return std::move(answer_);
  }

 private:
  // Up to and with '>'; 0 when this is no tag, kNowhere when the text ends before that is known.
  std::size_t tagLength(std::size_t at) const {
    const std::string_view rest = text_.substr(at, kLongestToken);
    const std::size_t end = rest.find_first_of("<>\n", 1);
    if (end == kNowhere) return rest.size() < kLongestToken ? kNowhere : 0;
    return rest[end] == '>' ? end + 1 : 0;
  }

  void readPlain(std::size_t at) {
    const char character = text_[at];
    if (character == '\n') {  // a name stands on one line
      saidBegin_ = kNowhere;
    } else if (!isBlank(character)) {
      giveUp(at);
      if (saidBegin_ == kNowhere) saidBegin_ = at;
    }
  }

  void readTag(std::size_t at, std::size_t length) {
    const std::string_view tag = text_.substr(at, length);
    if (!tag.starts_with(kToken)) {
      giveUp(at);
      saidBegin_ = kNowhere;
      return;
    }
    if (saidBegin_ != kNowhere) {
      label_ = trimmed(text_.substr(saidBegin_, at - saidBegin_));
      labelBegin_ = saidBegin_;
      saidBegin_ = kNowhere;
    }
    if (count_ == 0) begin_ = at;
    const std::optional<int> bin = integerOf(tag.substr(kToken.size(), length - kToken.size() - 1));
    if (!bin || *bin < 0 || *bin >= kBins) sound_ = false;
    numbers_[count_++] = bin.value_or(0);
    if (count_ == kNumbers) close(at + length);
  }

  void close(std::size_t end) {
    if (sound_) {
      geo::Quad quad;
      for (std::size_t i = 0; i < quad.size(); ++i) {
        quad[i] = {(numbers_[2 * i] + 0.5) * frame_.width / kBins, (numbers_[2 * i + 1] + 0.5) * frame_.height / kBins};
      }
      answer_.boxes.push_back(
          {resolveLabel(label_, classes_), quad, begin_, end, {{labelBegin_, labelBegin_ + label_.size()}, {begin_, end}}});
    } else {
      answer_.drop(begin_, end, "not eight bins");
    }
    reset();
  }

  void giveUp(std::size_t at) {
    if (count_ > 0) answer_.drop(begin_, at, "fewer than eight location tokens");
    reset();
  }

  void reset() {
    count_ = 0;
    sound_ = true;
    begin_ = kNowhere;
  }

  std::string_view text_;
  const PictureFrame& frame_;
  const std::vector<std::string>& classes_;
  ParsedAnswer answer_;
  std::string_view label_;
  std::size_t labelBegin_ = 0;        // later polygons still take the name
  std::size_t saidBegin_ = kNowhere;  // of what may become a name
  std::size_t begin_ = kNowhere;      // of the polygon that is open
  std::size_t count_ = 0;
  bool sound_ = true;
  std::array<int, kNumbers> numbers_{};
};

class LmmRotate final : public Dialect {
 public:
  std::string_view name() const override { return "lmmrotate"; }

  // It always names all classes that it was trained on.
  std::vector<Message> detectMessages(const std::vector<std::string>&, RgbImage picture) const override {
    return {userMessage("Locate the objects tightly with quad boxes and category names in the image.", std::move(picture))};
  }
  std::vector<Message> describeMessages(RgbImage picture) const override {
    return {userMessage("Describe in detail what is shown in the image.", std::move(picture))};
  }
  std::vector<Message> askMessages(const std::string& question, RgbImage picture) const override {
    return {userMessage(question, std::move(picture))};
  }

  ParsedAnswer parse(std::string_view text, const PictureFrame& frame, const std::vector<std::string>& classes,
                     bool final) const override {
    return Scanner(text, frame, classes).run(final);
  }

  std::string format(const geo::OrientedBox& box, std::string_view label, const PictureFrame& frame) const override {
    return std::string(label) + tokensOf(geo::corners(box), frame);
  }
  // A name, and behind it all polygons of that name.
  std::string formatAnswer(const std::vector<NamedQuad>& objects, const PictureFrame& frame) const override {
    if (objects.empty()) return Dialect::formatAnswer(objects, frame);
    std::string text;
    for (const NamedGroup& group : grouped(objects)) {
      std::vector<std::string> polygons;
      for (const geo::Quad& quad : group.quads) polygons.push_back(tokensOf(clockwise(quad), frame));
      text += group.label + joined(polygons, "<sep>");
    }
    return text;
  }
  double unitsPerSide() const override { return kBins; }

 private:
  // Corners counter-clockwise on the screen from the topmost, then leftmost one, as in training.
  static std::string tokensOf(geo::Quad quad, const PictureFrame& frame) {
    std::reverse(quad.begin(), quad.end());
    std::rotate(
        quad.begin(),
        std::min_element(quad.begin(), quad.end(), [](geo::Point a, geo::Point b) { return a.y != b.y ? a.y < b.y : a.x < b.x; }),
        quad.end());
    std::string text;
    const auto token = [](double part) {
      return std::string(kToken) + std::to_string(std::lround(std::clamp(std::floor(part * kBins), 0.0, kBins - 1))) + ">";
    };
    for (const geo::Point& corner : quad) text += token(corner.x / frame.width) + token(corner.y / frame.height);
    return text;
  }
};

}  // namespace

const Dialect& lmmrotateDialect() {
  static const LmmRotate dialect;
  return dialect;
}

}  // namespace orthoscribe::tasks
