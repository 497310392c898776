// SPDX-License-Identifier: GPL-2.0-or-later
// RSCoVLM's upright boxes: "x1,y1,x2,y2 name" (reference/rscovlm.md 2.5, 2.6).
#include <optional>
#include <string>

#include "core/tasks/dialects/dialects.h"
#include "core/tasks/dialects/grammar.h"
#include "core/tasks/dialects/rscovlm_lines.h"

namespace orthoscribe::tasks {
namespace {

std::string_view readBounds(const std::vector<double>& n, const PictureFrame& frame, geo::Quad& quad) {
  const std::optional<UprightNumbers> box = cleaned({n[0], n[1], n[2], n[3]}, frame.modelWidth, frame.modelHeight);
  if (!box) return kNoArea;
  quad = turnedQuad(*box, 0.0);
  return {};
}

std::vector<double> writeQuad(const geo::Quad& quad, const PictureFrame& frame) {
  const UprightNumbers bounds = scaled(boundsOf(quad), frame.modelWidth / frame.width, frame.modelHeight / frame.height);
  return {bounds.x1, bounds.y1, bounds.x2, bounds.y2};
}

// The bounds of a turned box.
std::vector<double> writeBounds(const geo::OrientedBox& box, const PictureFrame& frame) {
  return writeQuad(geo::corners(box), frame);
}

const RscovlmShape kShape = {.name = "rscovlm_hbb",
                             .system =
                                 "As an AI assistant, you specialize in accurate image object detection, delivering "
                                 "coordinates in plain text format 'x1,y1,x2,y2 object'.",
                             .jsonKey = "bbox_2d",
                             .numbers = 4,
                             .read = readBounds,
                             .write = writeBounds,
                             .writeQuad = writeQuad};

}  // namespace

const Dialect& rscovlmHbbDialect() {
  static const RscovlmDialect dialect(kShape);
  return dialect;
}

}  // namespace orthoscribe::tasks
