// SPDX-License-Identifier: GPL-2.0-or-later
// Asks the model a question about an area, at one date or two.
#pragma once

#include <optional>

#include "plugin/look_job.h"

namespace orthoscribe::plugin {

class AskJob : public LookJob {
  Q_OBJECT

 public:
  // earlier: another date of the same place; the question, which may then be empty, is about what has changed. Without one, parts
  // of a large area are looked at closer.
  AskJob(std::shared_ptr<EngineGate> gate, RasterRequest request, const QString& question,
         std::optional<RasterRequest> earlier = std::nullopt);

 protected:
  tasks::LookReport look(geo::RasterSource& raster, VisionLanguageModel& model, const tasks::LookOptions& options,
                         const VisionLanguageModel::OnToken& onToken, const CancelToken& cancel) override;

 private:
  QString mQuestion;
  std::optional<RasterRequest> mEarlier;
};

}  // namespace orthoscribe::plugin
