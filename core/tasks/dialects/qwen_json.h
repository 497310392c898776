// SPDX-License-Identifier: GPL-2.0-or-later
// Upright boxes as {"bbox_2d": [x1, y1, x2, y2], "label": name}, which Qwen2.5-VL and Qwen3-VL write in different units.
#pragma once

#include <string>
#include <vector>

#include "core/geo/oriented_box.h"
#include "core/tasks/dialect.h"

namespace orthoscribe::tasks {

// unitWidth, unitHeight: what the numbers run to at the right and lower edge of the picture.
ParsedAnswer parseQwenJson(std::string_view text, const PictureFrame& frame, double unitWidth, double unitHeight,
                           const std::vector<std::string>& classes, bool final);
// The bounds of a turned box: the families know no angle.
std::string formatQwenJson(const geo::OrientedBox& box, std::string_view label, const PictureFrame& frame, double unitWidth,
                           double unitHeight);

// All of them in a list, one a line, in a fence (reference/rscovlm.md 2.5).
std::string formatQwenList(const std::vector<NamedQuad>& objects, const PictureFrame& frame, double unitWidth, double unitHeight);

}  // namespace orthoscribe::tasks
