// SPDX-License-Identifier: GPL-2.0-or-later
// Lets the model describe an area in words.
#pragma once

#include "plugin/look_job.h"

namespace orthoscribe::plugin {

class DescribeJob : public LookJob {
  Q_OBJECT

 public:
  // byAspects: each aspect by an expert of its own, where the model has them.
  DescribeJob(std::shared_ptr<EngineGate> gate, RasterRequest request, bool byAspects = false);

 protected:
  tasks::LookReport look(geo::RasterSource& raster, VisionLanguageModel& model, const tasks::LookOptions& options,
                         const VisionLanguageModel::OnToken& onToken, const CancelToken& cancel) override;

 private:
  bool mByAspects;
};

}  // namespace orthoscribe::plugin
