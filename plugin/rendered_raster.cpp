// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/rendered_raster.h"

#include <qgsdistancearea.h>
#include <qgsmaplayer.h>
#include <qgsmaprenderercustompainterjob.h>

#include <QImage>
#include <QPainter>
#include <QThread>
#include <algorithm>
#include <cmath>

#include "core/base/error.h"

namespace orthoscribe::plugin {
namespace {

geo::Geotransform transformOf(const QgsMapToPixel& mapToPixel, double width, double height) {
  const QgsPointXY origin = mapToPixel.toMapCoordinates(0.0, 0.0);
  // Differences over the whole width lose fewer digits than those over one pixel.
  const QgsPointXY right = mapToPixel.toMapCoordinates(width, 0.0);
  const QgsPointXY down = mapToPixel.toMapCoordinates(0.0, height);
  return {{origin.x(), (right.x() - origin.x()) / width, (down.x() - origin.x()) / height, origin.y(),
           (right.y() - origin.y()) / width, (down.y() - origin.y()) / height}};
}

void copyPicture(const QImage& drawn, const QColor& background, geo::RasterWindow& window) {
  std::size_t validCount = 0;
  for (int row = 0; row < drawn.height(); ++row) {
    const auto* line = reinterpret_cast<const QRgb*>(drawn.constScanLine(row));
    for (int column = 0; column < drawn.width(); ++column) {
      const QRgb pixel = line[column];  // premultiplied
      const bool valid = qAlpha(pixel) != 0;
      validCount += valid;
      window.valid[std::size_t(row) * std::size_t(drawn.width()) + std::size_t(column)] = valid;
      if (!valid) continue;
      const int uncovered = 255 - qAlpha(pixel);
      const auto over = [uncovered](int colour, int under) {
        return std::uint8_t(std::min(255, colour + under * uncovered / 255));
      };
      std::uint8_t* target = window.image.at(column, row);
      target[0] = over(qRed(pixel), background.red());
      target[1] = over(qGreen(pixel), background.green());
      target[2] = over(qBlue(pixel), background.blue());
    }
  }
  window.validShare = double(validCount) / double(window.valid.size());
}

}  // namespace

std::optional<double> metresPerUnit(const QgsCoordinateReferenceSystem& crs, const QgsCoordinateTransformContext& context,
                                    const QgsPointXY& centre) {
  if (!crs.isValid()) return std::nullopt;
  QgsDistanceArea measure;
  measure.setSourceCrs(crs, context);
  measure.setEllipsoid(crs.ellipsoidAcronym());
  // A step that is short on the ground in degrees and in metres alike.
  const double step = crs.mapUnits() == Qgis::DistanceUnit::Degrees ? 1e-4 : 10.0;
  try {
    const double x = measure.measureLine(centre, QgsPointXY(centre.x() + step, centre.y()));
    const double y = measure.measureLine(centre, QgsPointXY(centre.x(), centre.y() + step));
    const double metres = measure.convertLengthMeasurement((x + y) / 2.0, Qgis::DistanceUnit::Meters) / step;
    if (std::isfinite(metres) && metres > 0) return metres;
  } catch (const QgsCsException&) {
    // Outside of where the CRS can be used: as good as unknown.
  }
  return std::nullopt;
}

RenderedRaster::RenderedRaster(RenderPlan plan, double unitsPerPixel) : mPlan(std::move(plan)), mUnitsPerPixel(unitsPerPixel) {
  for (const auto& layer : mPlan.layers) layer->moveToThread(QThread::currentThread());
  if (mPlan.extent.isEmpty() || !mPlan.extent.isFinite() || !(unitsPerPixel > 0)) {
    throw Error(ErrorCode::InvalidInput, name() + ": the area is empty", "Choose an area that the layer covers");
  }
  mWidth = std::max<std::int64_t>(1, std::llround(mPlan.extent.width() / unitsPerPixel));
  mHeight = std::max<std::int64_t>(1, std::llround(mPlan.extent.height() / unitsPerPixel));
  const QgsPointXY centre = mPlan.extent.center();
  const QgsMapToPixel mapToPixel(unitsPerPixel, centre.x(), centre.y(), int(mWidth), int(mHeight), mPlan.settings.rotation());
  mTransform = transformOf(mapToPixel, double(mWidth), double(mHeight));
}

RenderedRaster::~RenderedRaster() = default;

std::string RenderedRaster::crsWkt() const {
  const QgsCoordinateReferenceSystem crs = mPlan.settings.destinationCrs();
  return crs.isValid() ? crs.toWkt(Qgis::CrsWktVariant::Preferred).toStdString() : std::string();
}

std::optional<double> RenderedRaster::groundResolutionM() const {
  const auto metres = metresPerUnit(mPlan.settings.destinationCrs(), mPlan.settings.transformContext(), mPlan.extent.center());
  return metres ? std::optional(*metres * mUnitsPerPixel) : std::nullopt;
}

geo::RasterWindow RenderedRaster::read(const geo::PixelRect& source, int imageWidth, int imageHeight, const CancelToken& cancel) {
  cancel.throwIfCancelled();
  QList<QgsMapLayer*> layers;
  for (const auto& layer : mPlan.layers) layers.append(layer.get());
  const geo::Point centre =
      mTransform.toMap({double(source.column) + double(source.width) / 2.0, double(source.row) + double(source.height) / 2.0});
  const double width = double(source.width) * mUnitsPerPixel;
  const double height = double(source.height) * mUnitsPerPixel;

  QgsMapSettings settings = mPlan.settings;
  settings.setLayers(layers);
  settings.setOutputSize(QSize(imageWidth, imageHeight));
  settings.setExtent(QgsRectangle::fromCenterAndSize(QgsPointXY(centre.x, centre.y), width, height));
  settings.setBackgroundColor(Qt::GlobalColor::transparent);

  QImage drawn(imageWidth, imageHeight, QImage::Format::Format_ARGB32_Premultiplied);
  drawn.fill(Qt::GlobalColor::transparent);
  QPainter painter(&drawn);
  QgsMapRendererCustomPainterJob job(settings, &painter);
  {
    const auto wake = cancel.onCancel([&job] { job.cancelWithoutBlocking(); });
    job.prepare();
    job.renderPrepared();
  }
  painter.end();
  cancel.throwIfCancelled();

  geo::RasterWindow window;
  window.image = RgbImage(imageWidth, imageHeight);
  window.valid.resize(std::size_t(imageWidth) * std::size_t(imageHeight));
  window.toMap = transformOf(settings.mapToPixel(), imageWidth, imageHeight);
  window.source = source;
  copyPicture(drawn, mPlan.background, window);
  if (window.validShare == 0.0 && !job.errors().isEmpty()) {
    throw Error(ErrorCode::Io, name() + ": cannot be drawn: " + job.errors().first().message.toStdString(),
                "Look whether the layer is drawn on the map");
  }
  return window;
}

}  // namespace orthoscribe::plugin
