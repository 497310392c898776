// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/tasks/ground.h"

#include <algorithm>
#include <utility>

#include "core/base/error.h"
#include "core/tasks/answer_end.h"
#include "core/tasks/box_placement.h"
#include "core/tasks/dialects/grammar.h"
#include "core/tasks/growing_answer.h"
#include "core/tasks/picture.h"
#include "core/tasks/provenance.h"
#include "core/tasks/window_plan.h"

namespace orthoscribe::tasks {
namespace {

BoxShape shapeToAsk(const GroundOptions& options, const Dialect& dialect) {
  const std::vector<BoxShape> offered = dialect.tasks().groundShapes();
  if (!options.shape) return offered.front();
  const BoxShape wanted = *options.shape;
  requireTask(dialect, "draw " + std::string(nameOf(wanted)) + " boxes around what a phrase means",
              [&](const TaskPrompts& tasks) {
                const std::vector<BoxShape> shapes = tasks.groundShapes();
                return std::find(shapes.begin(), shapes.end(), wanted) != shapes.end();
              });
  return wanted;
}

// The bounds along the picture's sides.
geo::Quad upright(const geo::Quad& quad) {
  const auto [left, right] = std::minmax_element(quad.begin(), quad.end(), [](geo::Point a, geo::Point b) { return a.x < b.x; });
  const auto [top, bottom] = std::minmax_element(quad.begin(), quad.end(), [](geo::Point a, geo::Point b) { return a.y < b.y; });
  return {geo::Point{left->x, top->y}, {right->x, top->y}, {right->x, bottom->y}, {left->x, bottom->y}};
}

std::string textOf(const std::vector<Message>& messages) {
  std::string text;
  for (const Message& message : messages) text += (text.empty() ? "" : "\n") + message.text;
  return text;
}

}  // namespace

GroundReport ground(geo::RasterSource& raster, VisionLanguageModel& model, const std::string& phrase,
                    const GroundOptions& options, const CancelToken& cancel) {
  const std::string wanted(trimmed(phrase));
  if (wanted.empty()) {
    throw Error(ErrorCode::InvalidInput, "the phrase is empty", "say what to find, for example \"the ship at the pier\"");
  }
  const ModelInfo info = model.info();
  const Dialect& dialect = options.look.dialect.empty() ? dialectFor(info) : dialectNamed(options.look.dialect);
  requireTask(dialect, "find what a phrase means", [](const TaskPrompts& tasks) { return !tasks.groundShapes().empty(); });
  GroundReport report;
  report.shape = shapeToAsk(options, dialect);
  report.dialect = dialect.name();
  report.look.area = areaOnRaster(raster, options.look.area);
  geo::RasterWindow window = pictureOf(raster, report.look.area, pictureSidePx(options.look, dialect, info), cancel);
  report.look.pictureWidth = window.image.width;
  report.look.pictureHeight = window.image.height;
  const PictureFrame frame = dialect.frameFor(window.image.width, window.image.height, info);

  const std::vector<Message> messages = dialect.tasks().groundMessages(wanted, report.shape, std::move(window.image));
  report.prompt = textOf(messages);
  GenerationOptions generation = generationOf(options.look);
  generation.logProbabilities = true;
  Reply reply = model.chat(messages, generation, nullptr, cancel);
  report.look.usage = reply.usage;
  report.look.cancelled = reply.stopReason == StopReason::Cancelled;
  warnOfRepetition(reply, report.look.warnings);

  const ParsedAnswer answer = dialect.tasks().parseGround(reply.text, dialect, frame, wanted, report.shape);
  report.dropped = answer.dropped;
  const BoxPlacement placement(raster, report.look.area, options.polygons);
  const geo::Tile tile{.index = 0, .source = report.look.area};
  for (SpokenBox box : answer.boxes) {
    // Whatever part of the phrase the model repeats, and whatever box it draws.
    box.label = wanted;
    if (report.shape == BoxShape::Upright) box.quad = upright(box.quad);
    const std::optional<double> score = scoreOf(box, reply.tokens);
    if (auto detection = placement.place(box, tile, frame, score)) {
      report.detections.push_back(std::move(*detection));
    } else {
      ++report.dropped;
    }
  }
  report.look.text = std::move(reply.text);
  if (report.detections.empty() && !report.look.cancelled) {
    report.look.warnings.push_back("the model drew no box: " + std::string(trimmed(report.look.text)));
  } else if (report.dropped > 0) {
    report.look.warnings.push_back(std::to_string(report.dropped) + " boxes of the answer could not be used");
  }
  return report;
}

geo::Provenance provenanceOf(const GroundReport& report, const std::string& phrase, const ModelInfo& model,
                             const std::string& rasterName) {
  geo::Provenance provenance = provenanceOfModel(model, rasterName);
  provenance.prompt = report.prompt;
  provenance.parameters["phrase"] = phrase;
  provenance.parameters["dialect"] = report.dialect;
  provenance.parameters["boxes"] = nameOf(report.shape);
  provenance.parameters["picture_px"] =
      std::to_string(report.look.pictureWidth) + " " + std::to_string(report.look.pictureHeight);
  provenance.parameters["area_px"] = std::to_string(report.look.area.column) + " " + std::to_string(report.look.area.row) + " " +
                                     std::to_string(report.look.area.width) + " " + std::to_string(report.look.area.height);
  if (report.look.cancelled) provenance.parameters["cancelled"] = "yes: the layer holds what was found until then";
  return provenance;
}

}  // namespace orthoscribe::tasks
