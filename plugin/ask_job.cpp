// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/ask_job.h"

#include "core/tasks/change.h"
#include "core/tasks/zoom.h"

namespace orthoscribe::plugin {

AskJob::AskJob(std::shared_ptr<EngineGate> gate, RasterRequest request, const QString& question,
               std::optional<RasterRequest> earlier)
    : LookJob(tr("Asking about %1").arg(request.name()), std::move(gate), request),
      mQuestion(question),
      mEarlier(std::move(earlier)) {}

tasks::LookReport AskJob::look(geo::RasterSource& raster, VisionLanguageModel& model, const tasks::LookOptions& options,
                               const VisionLanguageModel::OnToken& onToken, const CancelToken& cancel) {
  if (mEarlier) {
    const std::unique_ptr<geo::RasterSource> before = mEarlier->open(0.0);
    return tasks::askChange(raster, *before, model, mQuestion.toStdString(), options, onToken, cancel);
  }
  tasks::ZoomOptions zoom;
  zoom.onStep = [this, &raster](const tasks::ZoomStep& step) {
    QPolygonF outline;
    for (const geo::Point& corner : step.map) {
      outline << QPointF(corner.x, raster.hasGeotransform() ? corner.y : flippedRow(corner.y));
    }
    Q_EMIT lookedCloser(outline);
  };
  return tasks::askZooming(raster, model, mQuestion.toStdString(), options, zoom, onToken, cancel);
}

}  // namespace orthoscribe::plugin
