// SPDX-License-Identifier: GPL-2.0-or-later
// RSCoVLM's upright boxes: "x1,y1,x2,y2 name" (reference/rscovlm.md 2.5, 2.6).
#include <optional>
#include <string>

#include "core/tasks/dialects/dialects.h"
#include "core/tasks/dialects/grammar.h"
#include "core/tasks/dialects/rscovlm_lines.h"
#include "core/tasks/prompts/prompts.h"

namespace orthoscribe::tasks {
namespace {

std::string_view readBounds(const std::vector<double>& n, const PictureFrame& frame, geo::Quad& quad) {
  const std::optional<UprightNumbers> box = cleaned({n[0], n[1], n[2], n[3]}, frame.modelWidth, frame.modelHeight);
  if (!box) return kNoArea;
  quad = turnedQuad(*box, 0.0);
  return {};
}

const RscovlmShape kShape = {.system =
                                 "As an AI assistant, you specialize in accurate image object detection, delivering "
                                 "coordinates in plain text format 'x1,y1,x2,y2 object'.",
                             .jsonKey = "bbox_2d",
                             .numbers = 4,
                             .read = readBounds};

class RscovlmHbb final : public Dialect {
 public:
  std::string_view name() const override { return "rscovlm_hbb"; }
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

  // The bounds of a turned box.
  std::string format(const geo::OrientedBox& box, std::string_view label, const PictureFrame& frame) const override {
    const UprightNumbers bounds = scaled(boundsOf(box), frame.modelWidth / frame.width, frame.modelHeight / frame.height);
    return rscovlmLine({bounds.x1, bounds.y1, bounds.x2, bounds.y2}, label);
  }
};

}  // namespace

const Dialect& rscovlmHbbDialect() {
  static const RscovlmHbb dialect;
  return dialect;
}

}  // namespace orthoscribe::tasks
