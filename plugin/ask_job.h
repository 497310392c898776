// SPDX-License-Identifier: GPL-2.0-or-later
// Asks the model a question about an area.
#pragma once

#include "plugin/look_job.h"

namespace orthoscribe::plugin {

class AskJob : public LookJob {
  Q_OBJECT

 public:
  AskJob(std::shared_ptr<EngineGate> gate, RasterRequest request, const QString& question);

 protected:
  tasks::LookReport look(geo::RasterSource& raster, VisionLanguageModel& model, const tasks::LookOptions& options,
                         const VisionLanguageModel::OnToken& onToken, const CancelToken& cancel) override;

 private:
  QString mQuestion;
};

}  // namespace orthoscribe::plugin
