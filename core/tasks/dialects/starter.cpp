// SPDX-License-Identifier: GPL-2.0-or-later
// The starter model that comes with the program: one class a question, one line an object.
#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "core/tasks/dialects/dialects.h"
#include "core/tasks/dialects/grammar.h"
#include "core/tasks/prompts/prompts.h"

namespace orthoscribe::tasks {
namespace {

// It sees every picture as a square of this side, and speaks in its pixels.
constexpr double kSide = 256.0;
constexpr std::size_t kNumbers = 5;

class Starter final : public Dialect {
 public:
  std::string_view name() const override { return "starter"; }
  const TaskPrompts& tasks() const override { return starterTasks(); }
  int classesPerRequest() const override { return 1; }

  std::vector<Message> detectMessages(const std::vector<std::string>& classes, RgbImage picture) const override {
    return {userMessage("Detect: " + joined(classes, ", "), std::move(picture))};
  }
  std::vector<Message> describeMessages(RgbImage picture) const override {
    return {userMessage("Describe this image.", std::move(picture))};
  }
  std::vector<Message> askMessages(const std::string& question, RgbImage picture) const override {
    return {userMessage(question, std::move(picture))};
  }
  PictureFrame frameOf(int width, int height) const override { return {double(width), double(height), kSide, kSide}; }

  // "airplane 120 44 30 12 175": centre, long side, short side, angle of the long side clockwise on the screen.
  ParsedAnswer parse(std::string_view text, const PictureFrame& frame, const std::vector<std::string>& classes,
                     bool final) const override {
    ParsedAnswer answer;
    answer.consumed = forEachLine(text, final, [&](std::size_t begin, std::size_t end) {
      const std::string_view line = trimmed(text.substr(begin, end - begin));
      if (line.empty() || isNone(line)) return;
      const auto offset = static_cast<std::size_t>(line.data() - text.data());
      const std::string_view fault = readLine(line, offset, frame, classes, answer);
      if (!fault.empty()) answer.drop(offset, offset + line.size(), fault);
    });
    return answer;
  }

  std::string format(const geo::OrientedBox& box, std::string_view label, const PictureFrame& frame) const override {
    const geo::OrientedBox seen = inModelPixels(box, frame);
    const auto whole = [](double value) { return std::to_string(std::lround(value)); };
    const long angle = ((std::lround(seen.angleDeg) % 180) + 180) % 180;
    return std::string(label) + " " + whole(seen.centre.x) + " " + whole(seen.centre.y) + " " +
           whole(std::max(1.0, seen.longSide)) + " " + whole(std::max(1.0, seen.shortSide)) + " " + std::to_string(angle);
  }

  std::string formatAnswer(const std::vector<NamedQuad>& objects, const PictureFrame& frame) const override {
    return objects.empty() ? "none" : Dialect::formatAnswer(objects, frame);
  }

 private:
  static bool isNone(std::string_view line) {
    if (line.back() == '.') line.remove_suffix(1);
    return lowered(line) == "none";
  }

  // What is wrong with the line; empty when it gave a box.
  static std::string_view readLine(std::string_view line, std::size_t offset, const PictureFrame& frame,
                                   const std::vector<std::string>& classes, ParsedAnswer& answer) {
    std::string_view rest = line;
    std::array<int, kNumbers> numbers{};
    for (std::size_t i = kNumbers; i-- > 0;) {
      const std::size_t blank = rest.find_last_of(" \t");
      const std::size_t begin = blank == std::string_view::npos ? 0 : blank + 1;
      const std::optional<int> number = integerOf(rest.substr(begin));
      if (!number) return "fewer than five numbers";
      numbers[i] = *number;
      rest = trimmed(rest.substr(0, begin));
    }
    std::string label = resolveLabel(rest, classes);
    if (label.empty()) return "no label";
    if (numbers[2] <= 0 || numbers[3] <= 0) return kNoArea;
    const geo::Quad seen = geo::corners(
        geo::makeOrientedBox({double(numbers[0]), double(numbers[1])}, double(numbers[2]), double(numbers[3]), numbers[4]));
    answer.boxes.push_back({std::move(label), toPicturePixels(seen, frame), offset, offset + line.size()});
    return {};
  }
};

}  // namespace

const Dialect& starterDialect() {
  static const Starter dialect;
  return dialect;
}

}  // namespace orthoscribe::tasks
