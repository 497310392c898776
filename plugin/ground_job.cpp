// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/ground_job.h"

#include "core/tasks/ground.h"

namespace orthoscribe::plugin {

GroundJob::GroundJob(std::shared_ptr<EngineGate> gate, RasterRequest request, const QString& phrase, const QString& resultFile)
    : DetectJob(std::move(gate), std::move(request), {}, resultFile), mPhrase(phrase) {}

geo::Provenance GroundJob::search(geo::RasterSource& raster, VisionLanguageModel& model, const ModelInfo& info,
                                  const tasks::DetectSink& sink, const CancelToken& cancel) {
  tasks::GroundOptions options;
  options.look.area = request().pixelArea(raster);
  options.polygons = request().pixelPolygons(raster);
  sink.onProgress({.done = 0, .total = 1, .unit = {}, .note = {}});
  const tasks::GroundReport report = tasks::ground(raster, model, mPhrase.toStdString(), options, cancel);
  sink.onTile(report.detections, {});
  sink.onProgress({.done = 1, .total = 1, .unit = {}, .note = {}});
  warn(report.look.warnings);
  return tasks::provenanceOf(report, mPhrase.toStdString(), info, raster.name());
}

}  // namespace orthoscribe::plugin
