// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/tasks/describe.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/error.h"
#include "core/tasks/dialect.h"
#include "core/tasks/window_plan.h"

namespace orthoscribe::tasks {
namespace {

// Questions in plain words need no grammar of boxes, so a model of unknown family is asked as most of them are.
const Dialect& dialectToAsk(const ModelInfo& info, const std::string& name) {
  if (!name.empty()) return dialectNamed(name);
  const Dialect* dialect = findDialectFor(info);
  return dialect != nullptr ? *dialect : dialectNamed("qwen2_5_vl");
}

template <typename MakeMessages>
LookReport look(geo::RasterSource& raster, VisionLanguageModel& model, const LookOptions& options,
                const VisionLanguageModel::OnToken& onToken, const CancelToken& cancel, const MakeMessages& makeMessages) {
  const ModelInfo info = model.info();
  const Dialect& dialect = dialectToAsk(info, options.dialect);
  LookReport report;
  report.area = areaOnRaster(raster, options.area);

  const double longer = double(std::max(report.area.width, report.area.height));
  const int side = std::max(1, options.maxSidePx > 0 ? options.maxSidePx : dialect.lookSidePx(info));
  const double scale = std::min(1.0, side / longer);
  report.pictureWidth = std::max(1, static_cast<int>(std::lround(double(report.area.width) * scale)));
  report.pictureHeight = std::max(1, static_cast<int>(std::lround(double(report.area.height) * scale)));
  geo::RasterWindow window = raster.read(report.area, report.pictureWidth, report.pictureHeight, cancel);
  if (!(window.validShare > 0.0)) {
    throw Error(ErrorCode::InvalidInput, "the area of " + raster.name() + " holds no data: the model was not asked",
                "choose another area");
  }

  GenerationOptions generation;
  generation.maxNewTokens = options.maxNewTokens;
  Reply reply = model.chat(makeMessages(dialect, std::move(window.image)), generation, onToken, cancel);
  report.text = std::move(reply.text);
  report.usage = reply.usage;
  report.cancelled = reply.stopReason == StopReason::Cancelled;
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
  return look(raster, model, options, onToken, cancel,
              [&](const Dialect& dialect, RgbImage picture) { return dialect.askMessages(question, std::move(picture)); });
}

}  // namespace orthoscribe::tasks
