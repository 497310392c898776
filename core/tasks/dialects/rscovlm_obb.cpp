// SPDX-License-Identifier: GPL-2.0-or-later
// RSCoVLM's turned boxes: "x,y,w,h,a name", centre, long side, short side and its angle in whole degrees, clockwise on the
// screen, -90 <= a < 90 (reference/rscovlm.md 2.5).
#include <string>

#include "core/tasks/dialects/dialects.h"
#include "core/tasks/dialects/grammar.h"
#include "core/tasks/dialects/rscovlm_lines.h"
#include "core/tasks/prompts/prompts.h"

namespace orthoscribe::tasks {
namespace {

std::string_view readTurned(const std::vector<double>& n, const PictureFrame&, geo::Quad& quad) {
  if (n[2] <= 0 || n[3] <= 0) return kNoArea;
  quad = geo::corners(geo::makeOrientedBox({n[0], n[1]}, n[2], n[3], n[4]));
  return {};
}

const RscovlmShape kShape = {.system =
                                 "As an AI assistant, you specialize in accurate oriented object detection, delivering "
                                 "coordinates in plain text format 'x,y,w,h,a object'.",
                             .jsonKey = "oriented bbox",
                             .numbers = 5,
                             .read = readTurned};

class RscovlmObb final : public Dialect {
 public:
  std::string_view name() const override { return "rscovlm_obb"; }
  const TaskPrompts& tasks() const override { return rscovlmTasks(); }

  std::vector<Message> detectMessages(const std::vector<std::string>& classes, RgbImage picture) const override {
    return rscovlmDetectMessages(kShape.system, classes, std::move(picture));
  }
  std::vector<Message> describeMessages(RgbImage picture) const override {
    return rscovlmPolygonDialect().describeMessages(std::move(picture));
  }
  std::vector<Message> askMessages(const std::string& question, RgbImage picture) const override {
    return rscovlmPolygonDialect().askMessages(question, std::move(picture));
  }
  int lookSidePx(const ModelInfo& info) const override { return rscovlmPolygonDialect().lookSidePx(info); }
  bool countsResizedPixels() const override { return true; }
  PictureFrame frameOf(int width, int height) const override { return rscovlmFrame(width, height); }

  ParsedAnswer parse(std::string_view text, const PictureFrame& frame, const std::vector<std::string>& classes,
                     bool final) const override {
    return parseRscovlm(text, kShape, frame, classes, final);
  }

  std::string format(const geo::OrientedBox& box, std::string_view label, const PictureFrame& frame) const override {
    const geo::OrientedBox seen = inModelPixels(box, frame);
    return rscovlmLine({seen.centre.x, seen.centre.y, seen.longSide, seen.shortSide, seen.angleDeg}, label);
  }
};

}  // namespace

const Dialect& rscovlmObbDialect() {
  static const RscovlmObb dialect;
  return dialect;
}

}  // namespace orthoscribe::tasks
