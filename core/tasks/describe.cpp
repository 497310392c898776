// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/tasks/describe.h"

#include <utility>

#include "core/base/error.h"
#include "core/tasks/answer_end.h"
#include "core/tasks/dialect.h"
#include "core/tasks/picture.h"
#include "core/tasks/window_plan.h"

namespace orthoscribe::tasks {
namespace {

void warnOfMissingExperts(LookReport& report) {
  if (!report.aspects) {
    if (!report.cancelled)
      report.warnings.emplace_back("the model's server describes nothing by aspects: this is its plain description");
  } else if (!report.aspects->hasExperts()) {
    report.warnings.emplace_back("the model has no experts for aspects: it was asked for each of them by itself");
  }
}

template <typename MakeMessages>
LookReport look(geo::RasterSource& raster, VisionLanguageModel& model, const LookOptions& options,
                const VisionLanguageModel::OnToken& onToken, const CancelToken& cancel, const MakeMessages& makeMessages) {
  const ModelInfo info = model.info();
  const Dialect& dialect = dialectToAsk(info, options.dialect);
  LookReport report;
  report.area = areaOnRaster(raster, options.area);

  geo::RasterWindow window = pictureOf(raster, report.area, pictureSidePx(options, dialect, info), cancel);
  report.pictureWidth = window.image.width;
  report.pictureHeight = window.image.height;

  GenerationOptions generation = generationOf(options);
  generation.aspects = options.aspects;
  Reply reply = model.chat(makeMessages(dialect, std::move(window.image)), generation, onToken, cancel);
  report.text = std::move(reply.text);
  report.aspects = std::move(reply.aspects);
  report.usage = reply.usage;
  report.cancelled = reply.stopReason == StopReason::Cancelled;
  warnOfRepetition(reply, report.warnings);
  if (options.aspects) warnOfMissingExperts(report);
  return report;
}

}  // namespace

LookReport describe(geo::RasterSource& raster, VisionLanguageModel& model, const LookOptions& options,
                    const VisionLanguageModel::OnToken& onToken, const CancelToken& cancel) {
  return look(raster, model, options, onToken, cancel,
              [](const Dialect& dialect, RgbImage picture) { return dialect.describeMessages(std::move(picture)); });
}

LookReport ask(geo::RasterSource& raster, VisionLanguageModel& model, const std::string& question, const LookOptions& options,
               const VisionLanguageModel::OnToken& onToken, const CancelToken& cancel) {
  if (question.find_first_not_of(" \t\r\n") == std::string::npos) {
    throw Error(ErrorCode::InvalidInput, "the question is empty");
  }
  LookOptions asked = options;
  asked.aspects = false;
  return look(raster, model, asked, onToken, cancel,
              [&](const Dialect& dialect, RgbImage picture) { return dialect.askMessages(question, std::move(picture)); });
}

}  // namespace orthoscribe::tasks
