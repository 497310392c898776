// SPDX-License-Identifier: GPL-2.0-or-later
// GeoChat: <p>name</p> {<x1><y1><x2><y2>|<angle>} in percent, the box before it is turned clockwise
// (reference/skynova.md 7.1, 7.2).
#include <algorithm>
#include <cmath>
#include <string>

#include "core/tasks/dialects/dialects.h"
#include "core/tasks/dialects/grammar.h"
#include "core/tasks/prompts/prompts.h"

namespace orthoscribe::tasks {
namespace {

constexpr double kWhole = 100.0;
constexpr std::size_t kNowhere = std::string_view::npos;

// Numbers in pointed brackets, a bar before the fifth allowed. Nothing when something else stands there, or not four or five.
std::optional<std::vector<double>> readNumbers(std::string_view content) {
  std::vector<double> numbers;
  content = trimmed(content);
  while (!content.empty()) {
    if (content.front() == '|' && numbers.size() == 4) content = trimmed(content.substr(1));
    const std::size_t end = content.find('>');
    if (content.empty() || content.front() != '<' || end == kNowhere || numbers.size() == 5) return std::nullopt;
    const std::optional<double> number = numberOf(trimmed(content.substr(1, end - 1)));
    if (!number) return std::nullopt;
    numbers.push_back(*number);
    content = trimmed(content.substr(end + 1));
  }
  if (numbers.size() < 4) return std::nullopt;
  return numbers;
}

class Scanner {
 public:
  Scanner(std::string_view text, const PictureFrame& frame, const std::vector<std::string>& classes)
      : text_(text), frame_(frame), classes_(classes) {}

  ParsedAnswer run(bool final) {
    std::size_t at = 0;
    for (; at < text_.size(); ++at) {
      if (text_[at] == '{') {
        if (open_ != kNowhere) drop(at, "cut short");
        open_ = at;
      } else if (text_[at] == '}' && open_ != kNowhere) {
        close(at, at + 1, 4);
      } else if (text_[at] == '<' && open_ == kNowhere) {
        const std::string_view rest = text_.substr(at, 3);
        if (!final && rest.size() < 3 && std::string_view("<p>").starts_with(rest)) break;
        if (rest == "<p>") readLabel(at);
      }
    }
    // At the very end the brace may be missing, when what comes last in a box is there.
    if (final && open_ != kNowhere) close(text_.size(), text_.size(), 5);
    answer_.consumed = std::min({at, context_, open_});
    return std::move(answer_);
  }

 private:
  void readLabel(std::size_t at) {
    const std::size_t end = std::min(text_.find_first_of("<{", at + 3), text_.size());
    label_ = trimmed(text_.substr(at + 3, end - at - 3));
    labelAt_ = {at + 3, end};
    context_ = at;
  }

  void close(std::size_t contentEnd, std::size_t end, std::size_t fewestNumbers) {
    const std::optional<std::vector<double>> numbers = readNumbers(text_.substr(open_ + 1, contentEnd - open_ - 1));
    if (!numbers || numbers->size() < fewestNumbers) return drop(contentEnd, "not four or five numbers");
    const auto& n = *numbers;
    const std::optional<UprightNumbers> box = cleaned({n[0], n[1], n[2], n[3]}, kWhole, kWhole);
    if (!box) return drop(contentEnd, kNoArea);
    const UprightNumbers pixels = scaled(*box, frame_.width / kWhole, frame_.height / kWhole);
    answer_.boxes.push_back({resolveLabel(label_, classes_),
                             turnedQuad(pixels, n.size() == 5 ? n[4] : 0.0),
                             open_,
                             end,
                             {labelAt_, {open_ + 1, contentEnd}}});
    open_ = kNowhere;
  }

  // Braces around prose are no box that was begun.
  void drop(std::size_t end, std::string_view why) {
    if (trimmed(text_.substr(open_ + 1, end - open_ - 1)).starts_with('<')) answer_.drop(open_, end, why);
    open_ = kNowhere;
  }

  std::string_view text_;
  const PictureFrame& frame_;
  const std::vector<std::string>& classes_;
  ParsedAnswer answer_;
  std::string_view label_;
  TextSpan labelAt_;
  std::size_t context_ = kNowhere;  // where the name begins that later boxes still take
  std::size_t open_ = kNowhere;
};

class GeoChat final : public Dialect {
 public:
  std::string_view name() const override { return "geochat"; }
  const TaskPrompts& tasks() const override { return geochatTasks(); }
  int classesPerRequest() const override { return 1; }

  std::vector<Message> detectMessages(const std::vector<std::string>& classes, RgbImage picture) const override {
    return {userMessage("[refer] Give me the location of <p> " + joined(classes, ", ") + " </p>", std::move(picture))};
  }
  std::vector<Message> describeMessages(RgbImage picture) const override {
    return {userMessage("Describe the image in detail.", std::move(picture))};
  }
  std::vector<Message> askMessages(const std::string& question, RgbImage picture) const override {
    return {userMessage(question, std::move(picture))};
  }

  ParsedAnswer parse(std::string_view text, const PictureFrame& frame, const std::vector<std::string>& classes,
                     bool final) const override {
    return Scanner(text, frame, classes).run(final);
  }

  std::string format(const geo::OrientedBox& box, std::string_view label, const PictureFrame& frame) const override {
    return "<p>" + std::string(label) + "</p> " + braces(box, frame);
  }
  // A name, and behind it all boxes of that name.
  std::string formatAnswer(const std::vector<NamedQuad>& objects, const PictureFrame& frame) const override {
    if (objects.empty()) return Dialect::formatAnswer(objects, frame);
    std::vector<std::string> entries;
    for (const NamedGroup& group : grouped(objects)) {
      std::vector<std::string> boxes;
      for (const geo::Quad& quad : group.quads) boxes.push_back(braces(geo::minimumAreaRectangle(quad), frame));
      entries.push_back("<p>" + group.label + "</p> " + joined(boxes, "<delim>"));
    }
    return joined(entries, " ");
  }
  double unitsPerSide() const override { return kWhole; }

 private:
  static std::string braces(const geo::OrientedBox& box, const PictureFrame& frame) {
    const TurnedBox turned = beforeTurning(box);
    const UprightNumbers percent = scaled(turned.box, kWhole / frame.width, kWhole / frame.height);
    const auto pointed = [](double value) { return "<" + std::to_string(std::lround(value)) + ">"; };
    return "{" + pointed(percent.x1) + pointed(percent.y1) + pointed(percent.x2) + pointed(percent.y2) + "|" +
           pointed(turned.angleDeg) + "}";
  }
};

}  // namespace

const Dialect& geochatDialect() {
  static const GeoChat dialect;
  return dialect;
}

}  // namespace orthoscribe::tasks
