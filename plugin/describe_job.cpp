// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/describe_job.h"

namespace orthoscribe::plugin {

DescribeJob::DescribeJob(std::shared_ptr<EngineGate> gate, RasterRequest request)
    : LookJob(tr("Describing %1").arg(request.name()), std::move(gate), request) {}

tasks::LookReport DescribeJob::look(geo::RasterSource& raster, VisionLanguageModel& model, const tasks::LookOptions& options,
                                    const VisionLanguageModel::OnToken& onToken, const CancelToken& cancel) {
  return tasks::describe(raster, model, options, onToken, cancel);
}

}  // namespace orthoscribe::plugin
