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
  std::string_view system;  // what the model is told that it is
  std::string_view jsonKey;
  std::size_t numbers = 0;
  bool moreAreIgnored = false;  // otherwise a line with more numbers is dropped
  // Corners in pixels of the resized picture; what is wrong with the numbers, or nothing.
  std::function<std::string_view(const std::vector<double>& numbers, const PictureFrame& frame, geo::Quad& quad)> read;
};

ParsedAnswer parseRscovlm(std::string_view text, const RscovlmShape& shape, const PictureFrame& frame,
                          const std::vector<std::string>& classes, bool final);

// "find the ..." with all classes, small and sorted, as in training, after the shape's own system text.
std::vector<Message> rscovlmDetectMessages(std::string_view system, const std::vector<std::string>& classes, RgbImage picture);

// The size at which the released models see a picture.
PictureFrame rscovlmFrame(int width, int height);

// "1,2,3 name", numbers truncated as in training.
std::string rscovlmLine(const std::vector<double>& numbers, std::string_view label);

}  // namespace orthoscribe::tasks
