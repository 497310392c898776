// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/detect_job.h"

#include <cmath>

#include "core/base/error.h"
#include "plugin/detection_layer.h"

namespace orthoscribe::plugin {
namespace {

// Beyond this many windows a run is a mistake (a whole web map) rather than a wish.
constexpr double kMostTiles = 200'000;

double tileCount(const geo::RasterSource& raster, const std::optional<geo::PixelRect>& area, const tasks::DetectOptions& options,
                 const ModelInfo& info) {
  const double wanted = options.gsdM.value_or(info.groundResolutionM);
  const double own = raster.groundResolutionM().value_or(0.0);
  const double scale = wanted > 0 && own > 0 ? wanted / own : 1.0;
  const double step = std::max(1.0, scale * info.imageSidePx * (1.0 - options.overlap));
  const double width = double(area ? area->width : raster.width());
  const double height = double(area ? area->height : raster.height());
  return std::ceil(width / step) * std::ceil(height / step);
}

}  // namespace

DetectJob::DetectJob(std::shared_ptr<EngineGate> gate, RasterRequest request, tasks::DetectOptions options,
                     const QString& resultFile)
    : ModelJob(tr("Detecting objects on %1").arg(request.name()), std::move(gate), request),
      mOptions(std::move(options)),
      mResultFile(resultFile) {}

FoundBoxes DetectJob::takeFound() {
  const std::lock_guard lock(mMutex);
  return std::exchange(mWaiting, {});
}

double DetectJob::resolutionM(const ModelInfo& info) const {
  return mOptions.gsdM.value_or(info.groundResolutionM);
}

void DetectJob::work(geo::RasterSource& raster, VisionLanguageModel& model, const ModelInfo& info, const CancelToken& cancel) {
  mGeoreferenced = raster.hasGeotransform();
  mCrsWkt = !mGeoreferenced             ? QString()
            : request().crs().isValid() ? request().crs().toWkt(Qgis::CrsWktVariant::Preferred)
                                        : QString::fromStdString(raster.crsWkt());
  std::unique_ptr<geo::Measurer> measurer;
  if (mGeoreferenced) measurer = std::make_unique<geo::Measurer>(mCrsWkt.toStdString());

  tasks::DetectSink sink;
  sink.onTile = [this, &measurer](const std::vector<geo::Detection>& found, const std::vector<std::size_t>& superseded) {
    take(found, superseded, measurer.get());
  };
  sink.onProgress = [this](const Progress& progress) {
    if (progress.total > 0) setProgress(100.0 * double(progress.done) / double(progress.total));
    Q_EMIT progressed(progress.done, progress.total);
  };
  mProvenance = tasks::provenanceOf({}, mOptions, info, raster.name());
  try {
    mProvenance = search(raster, model, info, sink, cancel);
  } catch (...) {
    keep(raster.name());
    throw;
  }
  keep(raster.name());
}

geo::Provenance DetectJob::search(geo::RasterSource& raster, VisionLanguageModel& model, const ModelInfo& info,
                                  const tasks::DetectSink& sink, const CancelToken& cancel) {
  mOptions.area = request().pixelArea(raster);
  mOptions.polygons = request().pixelPolygons(raster);
  const double tiles = tileCount(raster, mOptions.area, mOptions, info);
  if (tiles > kMostTiles) {
    throw Error(ErrorCode::InvalidInput,
                tr("%1: the area would take about %L2 tiles").arg(request().name()).arg(tiles, 0, 'f', 0).toStdString(),
                tr("Choose a smaller area or a coarser ground resolution").toStdString());
  }
  const tasks::DetectReport report = tasks::detect(raster, model, mOptions, sink, cancel);
  warn(report.warnings);
  return tasks::provenanceOf(report, mOptions, info, raster.name());
}

void DetectJob::warn(const std::vector<std::string>& warnings) {
  for (const std::string& warning : warnings) mWarnings << QString::fromStdString(warning);
}

void DetectJob::take(const std::vector<geo::Detection>& found, const std::vector<std::size_t>& superseded,
                     const geo::Measurer* measurer) {
  QgsFeatureList features;
  for (const geo::Detection& detection : found) features.append(detectionFeature(detection, measurer));
  const std::lock_guard lock(mMutex);
  mAll.insert(mAll.end(), found.begin(), found.end());
  for (const std::size_t index : superseded) {
    if (index < mAll.size()) mAll[index].reset();
  }
  mWaiting.features += features;
  mWaiting.superseded.insert(mWaiting.superseded.end(), superseded.begin(), superseded.end());
}

void DetectJob::keep(const std::string& rasterName) {
  std::vector<geo::Detection> remaining;
  for (const auto& detection : mAll) {
    if (detection) remaining.push_back(*detection);
  }
  if (remaining.empty()) return;
  try {
    const geo::WrittenLayer written =
        geo::writeDetections(mResultFile.toStdString(), remaining, mCrsWkt.toStdString(), mGeoreferenced, mProvenance);
    mWrittenFile = QString::fromStdString(written.path.string());
    if (written.elsewhere) mWriteProblem = QString::fromStdString(written.reason);
  } catch (const std::exception& error) {
    mWriteProblem =
        tr("%1: the boxes could not be saved: %2").arg(QString::fromStdString(rasterName), QString::fromUtf8(error.what()));
  }
}

}  // namespace orthoscribe::plugin
