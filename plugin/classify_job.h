// SPDX-License-Identifier: GPL-2.0-or-later
// Lets the model choose the class of an area.
#pragma once

#include <QStringList>

#include "plugin/look_job.h"

namespace orthoscribe::plugin {

class ClassifyJob : public LookJob {
  Q_OBJECT

 public:
  // names: what is to be chosen from; empty: what the model was trained on.
  ClassifyJob(std::shared_ptr<EngineGate> gate, RasterRequest request, const QStringList& names);

 protected:
  tasks::LookReport look(geo::RasterSource& raster, VisionLanguageModel& model, const tasks::LookOptions& options,
                         const VisionLanguageModel::OnToken& onToken, const CancelToken& cancel) override;

 private:
  QStringList mNames;
};

}  // namespace orthoscribe::plugin
