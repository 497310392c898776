// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/ask_job.h"

namespace orthoscribe::plugin {

AskJob::AskJob(std::shared_ptr<EngineGate> gate, RasterRequest request, const QString& question)
    : LookJob(tr("Asking about %1").arg(request.name()), std::move(gate), request), mQuestion(question) {}

tasks::LookReport AskJob::look(geo::RasterSource& raster, VisionLanguageModel& model, const tasks::LookOptions& options,
                               const VisionLanguageModel::OnToken& onToken, const CancelToken& cancel) {
  return tasks::ask(raster, model, mQuestion.toStdString(), options, onToken, cancel);
}

}  // namespace orthoscribe::plugin
