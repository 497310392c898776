// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/tasks/change.h"

#include <utility>

#include "core/geo/aligned_raster.h"
#include "core/tasks/dialects/grammar.h"
#include "core/tasks/picture.h"
#include "core/tasks/task_prompts.h"
#include "core/tasks/window_plan.h"

namespace orthoscribe::tasks {

LookReport askChange(geo::RasterSource& after, geo::RasterSource& before, VisionLanguageModel& model, const std::string& question,
                     const LookOptions& options, const VisionLanguageModel::OnToken& onToken, const CancelToken& cancel) {
  const ModelInfo info = model.info();
  const Dialect& dialect = dialectToAsk(info, options.dialect);
  requireTask(dialect, "compare two dates", [](const TaskPrompts& tasks) { return tasks.comparesDates(); });

  geo::AlignedRaster aligned(after, before);
  LookReport report;
  report.area = areaOnRaster(after, options.area);
  const int side = pictureSidePx(options, dialect, info);
  geo::RasterWindow now = pictureOf(after, report.area, side, cancel);
  geo::RasterWindow then = pictureOf(aligned, report.area, side, cancel);
  report.pictureWidth = now.image.width;
  report.pictureHeight = now.image.height;

  const std::vector<Message> messages =
      dialect.tasks().changeMessages(std::string(trimmed(question)), std::move(then.image), std::move(now.image));
  Reply reply = model.chat(messages, generationOf(options), onToken, cancel);
  report.text = std::move(reply.text);
  report.usage = reply.usage;
  report.cancelled = reply.stopReason == StopReason::Cancelled;
  return report;
}

}  // namespace orthoscribe::tasks
