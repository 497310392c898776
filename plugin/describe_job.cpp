// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/describe_job.h"

namespace orthoscribe::plugin {

DescribeJob::DescribeJob(std::shared_ptr<EngineGate> gate, RasterRequest request, bool byAspects)
    : LookJob(tr("Describing %1").arg(request.name()), std::move(gate), request), mByAspects(byAspects) {}

tasks::LookReport DescribeJob::look(geo::RasterSource& raster, VisionLanguageModel& model, const tasks::LookOptions& options,
                                    const VisionLanguageModel::OnToken& onToken, const CancelToken& cancel) {
  tasks::LookOptions described = options;
  described.aspects = mByAspects;
  return tasks::describe(raster, model, described, onToken, cancel);
}

}  // namespace orthoscribe::plugin
