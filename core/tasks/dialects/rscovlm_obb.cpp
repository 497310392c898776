// SPDX-License-Identifier: GPL-2.0-or-later
// RSCoVLM's turned boxes: "x,y,w,h,a name", centre, long side, short side and its angle in whole degrees, clockwise on the
// screen, -90 <= a < 90 (reference/rscovlm.md 2.5).
#include <string>

#include "core/tasks/dialects/dialects.h"
#include "core/tasks/dialects/grammar.h"
#include "core/tasks/dialects/rscovlm_lines.h"

namespace orthoscribe::tasks {
namespace {

std::string_view readTurned(const std::vector<double>& n, const PictureFrame&, geo::Quad& quad) {
  if (n[2] <= 0 || n[3] <= 0) return kNoArea;
  quad = geo::corners(geo::makeOrientedBox({n[0], n[1]}, n[2], n[3], n[4]));
  return {};
}

std::vector<double> writeTurned(const geo::OrientedBox& box, const PictureFrame& frame) {
  const geo::OrientedBox seen = inModelPixels(box, frame);
  return {seen.centre.x, seen.centre.y, seen.longSide, seen.shortSide, seen.angleDeg};
}

const RscovlmShape kShape = {.name = "rscovlm_obb",
                             .system =
                                 "As an AI assistant, you specialize in accurate oriented object detection, delivering "
                                 "coordinates in plain text format 'x,y,w,h,a object'.",
                             .jsonKey = "oriented bbox",
                             .numbers = 5,
                             .read = readTurned,
                             .write = writeTurned};

}  // namespace

const Dialect& rscovlmObbDialect() {
  static const RscovlmDialect dialect(kShape);
  return dialect;
}

}  // namespace orthoscribe::tasks
