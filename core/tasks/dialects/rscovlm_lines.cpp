// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/tasks/dialects/rscovlm_lines.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "core/base/smart_resize.h"
#include "core/tasks/dialects/grammar.h"
#include "core/tasks/dialects/json_grammar.h"
#include "core/tasks/prompts/prompts.h"

namespace orthoscribe::tasks {
namespace {

constexpr ResizeLimits kLimits = {.factor = 28, .minPixels = 64 * 784, .maxPixels = 1296 * 784};

struct NumberedLine {
  std::vector<double> numbers;
  std::string_view label;
};

// Nothing when what stands before the label is no list of whole numbers.
std::optional<NumberedLine> readLine(std::string_view line) {
  NumberedLine result;
  while (true) {
    const std::size_t length = std::min(line.find_first_of(", \t"), line.size());
    const std::optional<int> number = integerOf(line.substr(0, length));
    if (!number) return std::nullopt;
    result.numbers.push_back(*number);
    const std::string_view rest = trimmed(line.substr(length));
    if (rest.empty() || rest.front() != ',') {
      result.label = rest;
      return result;
    }
    line = trimmed(rest.substr(1));
  }
}

bool isNone(std::string_view line) {
  if (line.back() == '.') line.remove_suffix(1);
  return lowered(line) == "there are none";
}

bool beginsAsJson(std::string_view text) {
  return !text.empty() && (text.front() == '`' || text.front() == '[' || text.front() == '{');
}

class Reader {
 public:
  Reader(const RscovlmShape& shape, const PictureFrame& frame, const std::vector<std::string>& classes)
      : shape_(shape), frame_(frame), classes_(classes) {}

  // The last line stays unconsumed, so that what follows is not taken for JSON by its first letter.
  ParsedAnswer lines(std::string_view text, bool final) {
    std::size_t lastLine = 0;
    const std::size_t end = forEachLine(text, final, [&](std::size_t begin, std::size_t lineEnd) {
      const std::string_view line = trimmed(text.substr(begin, lineEnd - begin));
      if (line.empty() || isNone(line)) return;
      const auto offset = static_cast<std::size_t>(line.data() - text.data());
      if (!beginsAsJson(line)) lastLine = offset;
      if (const std::optional<NumberedLine> read = readLine(line)) {
        add(read->numbers, read->label, offset, offset + line.size());
      } else {
        answer_.drop(offset, offset + line.size(), "no line of whole numbers and a name");
      }
    });
    answer_.consumed = final ? end : lastLine;
    return std::move(answer_);
  }

  // It is read from its start each time, for its tail does not show what it is.
  ParsedAnswer json(std::string_view text, bool final) {
    const JsonScan scan = scanJson(text, {shape_.jsonKey}, final);
    answer_.consumed = final ? text.size() : 0;
    for (const DroppedPart& part : scan.dropped) answer_.drop(part);
    for (const JsonEntry& entry : scan.entries)
      add(entry.numbers, entry.label, entry.begin, entry.end, {entry.numbersAt, entry.labelAt});
    sortDropped(answer_);
    return std::move(answer_);
  }

 private:
  void add(const std::vector<double>& numbers, std::string_view name, std::size_t begin, std::size_t end,
           std::vector<TextSpan> said = {}) {
    std::string label = resolveLabel(lowered(name), classes_);
    if (label.empty()) return answer_.drop(begin, end, "no label");
    const bool counts = numbers.size() == shape_.numbers || (shape_.moreAreIgnored && numbers.size() > shape_.numbers);
    if (!counts) return answer_.drop(begin, end, "wrong count of numbers");
    geo::Quad quad;
    const std::string_view fault = shape_.read(numbers, frame_, quad);
    if (!fault.empty()) return answer_.drop(begin, end, fault);
    answer_.boxes.push_back({std::move(label), toPicturePixels(quad, frame_), begin, end, std::move(said)});
  }

  const RscovlmShape& shape_;
  const PictureFrame& frame_;
  const std::vector<std::string>& classes_;
  ParsedAnswer answer_;
};

}  // namespace

const TaskPrompts& RscovlmDialect::tasks() const {
  return rscovlmTasks();
}

std::string RscovlmDialect::spokenName(std::string_view className) const {
  std::string clean = lowered(className);
  std::replace(clean.begin(), clean.end(), '-', ' ');
  return clean;
}

std::vector<Message> RscovlmDialect::askFor(const std::vector<std::string>& classes, std::string_view end,
                                            RgbImage picture) const {
  std::vector<std::string> cleanedNames;
  for (const std::string& name : classes) cleanedNames.push_back(spokenName(name));
  std::sort(cleanedNames.begin(), cleanedNames.end());
  Message system;
  system.role = Role::System;
  system.text = shape_.system;
  return {std::move(system), userMessage("find the " + joined(cleanedNames, ", ") + std::string(end), std::move(picture))};
}

std::vector<Message> RscovlmDialect::detectMessages(const std::vector<std::string>& classes, RgbImage picture) const {
  return askFor(classes, ".", std::move(picture));
}

std::vector<Message> RscovlmDialect::taughtDetectMessages(const std::vector<std::string>& classes, RgbImage picture) const {
  return askFor(classes, "", std::move(picture));
}

std::vector<Message> RscovlmDialect::describeMessages(RgbImage picture) const {
  return {userMessage("Describe the image", std::move(picture))};
}

std::vector<Message> RscovlmDialect::askMessages(const std::string& question, RgbImage picture) const {
  return {userMessage(question, std::move(picture))};
}

PictureFrame RscovlmDialect::frameOf(int width, int height) const {
  const PictureSize seen = smartResize(width, height, kLimits);
  return {double(width), double(height), double(seen.width), double(seen.height)};
}

ParsedAnswer RscovlmDialect::parse(std::string_view text, const PictureFrame& frame, const std::vector<std::string>& classes,
                                   bool final) const {
  Reader reader(shape_, frame, classes);
  return beginsAsJson(trimmed(text)) ? reader.json(text, final) : reader.lines(text, final);
}

std::string RscovlmDialect::format(const geo::OrientedBox& box, std::string_view label, const PictureFrame& frame) const {
  return rscovlmLine(shape_.write(box, frame), label);
}

std::string RscovlmDialect::formatAnswer(const std::vector<NamedQuad>& objects, const PictureFrame& frame) const {
  if (objects.empty()) return Dialect::formatAnswer(objects, frame);
  std::string text;
  for (const NamedQuad& object : objects) {
    text += rscovlmLine(shape_.writeQuad ? shape_.writeQuad(object.quad, frame)
                                         : shape_.write(geo::minimumAreaRectangle(object.quad), frame),
                        object.label) +
            "\n";
  }
  return text;
}

std::string rscovlmLine(const std::vector<double>& numbers, std::string_view label) {
  std::string text;
  for (const double number : numbers) text += (text.empty() ? "" : ",") + std::to_string(std::lround(std::trunc(number)));
  return text + " " + std::string(label);
}

}  // namespace orthoscribe::tasks
