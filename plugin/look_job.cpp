// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/look_job.h"

#include <algorithm>

#include "core/base/routing_recorder.h"

namespace orthoscribe::plugin {
namespace {

constexpr double kThumbnailSidePx = 160.0;

QImage thumbnailOf(geo::RasterSource& raster, const std::optional<geo::PixelRect>& area, const CancelToken& cancel) {
  const geo::PixelRect source = area.value_or(geo::PixelRect{0, 0, raster.width(), raster.height()});
  const double scale = kThumbnailSidePx / double(std::max<std::int64_t>({1, source.width, source.height}));
  const auto side = [scale](std::int64_t pixels) { return std::max(1, int(double(pixels) * scale)); };
  const geo::RasterWindow window = raster.read(source, side(source.width), side(source.height), cancel);
  const RgbImage& image = window.image;
  return QImage(image.pixels.data(), image.width, image.height, image.width * 3, QImage::Format::Format_RGB888).copy();
}

// Aspects that an expert folder names itself keep their name.
QString shownName(const std::string& aspect) {
  if (aspect == "theme") return LookJob::tr("Theme");
  if (aspect == "objects") return LookJob::tr("Objects");
  if (aspect == "relations") return LookJob::tr("Relations");
  return QString::fromStdString(aspect);
}

QList<QPair<QString, QString>> shown(const AspectReport& report) {
  QList<QPair<QString, QString>> aspects;
  for (const AspectPart& part : report.parts) {
    if (!part.skipped) aspects.append({shownName(part.name), QString::fromStdString(part.text)});
  }
  return aspects;
}

}  // namespace

void LookJob::work(geo::RasterSource& raster, VisionLanguageModel& model, const ModelInfo& info, const CancelToken& cancel) {
  mModelName = QString::fromStdString(info.name);
  tasks::LookOptions options;
  options.area = request().pixelArea(raster);
  Q_EMIT pictureTaken(thumbnailOf(raster, options.area, cancel));
  const auto onToken = [this](const GeneratedToken& token) { Q_EMIT answerGrew(QString::fromStdString(token.text)); };
  // Only our engine knows of experts, and a strict server would not take the question.
  RoutingRecorder recorder(model);
  VisionLanguageModel& asked = info.adapters.empty() ? model : recorder;
  const tasks::LookReport report = look(raster, asked, options, onToken, cancel);
  mExpertUse = meanUse(recorder.statistics());
  mAnswer = QString::fromStdString(report.text).trimmed();
  if (report.aspects) mAspects = shown(*report.aspects);
  for (const std::string& warning : report.warnings) mWarnings << QString::fromStdString(warning);
}

}  // namespace orthoscribe::plugin
