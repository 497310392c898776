// SPDX-License-Identifier: GPL-2.0-or-later
// What RSCoVLM's three shapes of boxes have in common (reference/rscovlm.md 2.5, 5.1, 5.2): one line an object, whole numbers in
// pixels of the resized picture and the name behind them; or the same numbers in JSON.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/tasks/dialect.h"

namespace orthoscribe::tasks {

struct RscovlmShape {
  std::string_view name;    // of the dialect
  std::string_view system;  // what the model is told that it is
  std::string_view jsonKey;
  std::size_t numbers = 0;
  bool moreAreIgnored = false;  // otherwise a line with more numbers is dropped
  // Corners in pixels of the resized picture; what is wrong with the numbers, or nothing.
  std::function<std::string_view(const std::vector<double>& numbers, const PictureFrame& frame, geo::Quad& quad)> read;
  // The numbers of a box of the picture, in pixels of the resized one; they are truncated as in training.
  std::function<std::vector<double>(const geo::OrientedBox& box, const PictureFrame& frame)> write;
  // The same of an object as it was labelled; absent: of the smallest rectangle around it.
  std::function<std::vector<double>(const geo::Quad& quad, const PictureFrame& frame)> writeQuad = {};
};

class RscovlmDialect final : public Dialect {
 public:
  explicit RscovlmDialect(RscovlmShape shape) : shape_(std::move(shape)) {}

  std::string_view name() const override { return shape_.name; }
  const TaskPrompts& tasks() const override;

  // "find the ..." with all classes, small and sorted, as in training, after the shape's own system text.
  std::vector<Message> detectMessages(const std::vector<std::string>& classes, RgbImage picture) const override;
  // Without the full stop that only evaluation has (reference/rscovlm.md 5.1).
  std::vector<Message> taughtDetectMessages(const std::vector<std::string>& classes, RgbImage picture) const override;
  // Underscores stay.
  std::string spokenName(std::string_view className) const override;
  std::vector<Message> describeMessages(RgbImage picture) const override;
  std::vector<Message> askMessages(const std::string& question, RgbImage picture) const override;
  int lookSidePx(const ModelInfo&) const override { return 1008; }
  bool countsResizedPixels() const override { return true; }
  PictureFrame frameOf(int width, int height) const override;
  ParsedAnswer parse(std::string_view text, const PictureFrame& frame, const std::vector<std::string>& classes,
                     bool final) const override;
  // "1,2,3,4 name"
  std::string format(const geo::OrientedBox& box, std::string_view label, const PictureFrame& frame) const override;
  // Every line with its end.
  std::string formatAnswer(const std::vector<NamedQuad>& objects, const PictureFrame& frame) const override;

 private:
  std::vector<Message> askFor(const std::vector<std::string>& classes, std::string_view end, RgbImage picture) const;
  RscovlmShape shape_;
};

enum class Turning { Clockwise, CounterClockwise };  // on the screen
// Corners of a labelled polygon in whole pixels of the resized picture, truncated, from the topmost, then leftmost one.
std::vector<double> polygonNumbers(const geo::Quad& quad, const PictureFrame& frame, Turning turning);

// "1,2,3,4 name", numbers truncated.
std::string rscovlmLine(const std::vector<double>& numbers, std::string_view label);

}  // namespace orthoscribe::tasks
