// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/raster_request.h"

#include <qgscoordinatetransform.h>
#include <qgscurvepolygon.h>
#include <qgsmapsettings.h>
#include <qgsmultibandcolorrenderer.h>
#include <qgspolygon.h>
#include <qgsrasterlayer.h>
#include <qgssinglebandgrayrenderer.h>
#include <qgsvectorlayer.h>

#include <cmath>

#include "core/base/error.h"

namespace orthoscribe::plugin {
namespace {

// A drawn source that is looked at as a whole: finer than any model's picture.
constexpr double kPixelsOfLook = 2048.0;

std::vector<int> bandsAsDrawn(const QgsRasterLayer& layer) {
  std::vector<int> bands;
  if (const auto* colour = dynamic_cast<const QgsMultiBandColorRenderer*>(layer.renderer())) {
    bands = {colour->redBand(), colour->greenBand(), colour->blueBand()};
  } else if (const auto* grey = dynamic_cast<const QgsSingleBandGrayRenderer*>(layer.renderer())) {
    bands = {grey->usesBands().value(0)};
  }
  for (const int band : bands) {
    if (band < 1) return {};
  }
  return bands;
}

RenderPlan planOf(const QList<QgsMapLayer*>& layers, const QgsMapSettings& settings) {
  RenderPlan plan;
  plan.settings = settings;
  plan.settings.setLayers({});
  plan.settings.setDevicePixelRatio(1.0F);
  plan.settings.setOutputDpi(96.0);
  plan.settings.setFlag(Qgis::MapSettingsFlag::UseRenderingOptimization, true);
  plan.settings.setFlag(Qgis::MapSettingsFlag::RenderPartialOutput, false);
  for (const QgsMapLayer* layer : layers) {
    std::unique_ptr<QgsMapLayer> copy(layer->clone());
    if (!copy) continue;
    copy->moveToThread(nullptr);
    plan.layers.push_back(std::move(copy));
  }
  return plan;
}

}  // namespace

double flippedRow(double y) {
  return -y;
}

RasterRequest RasterRequest::ofLayer(QgsRasterLayer& layer, const QgsMapSettings& canvas, std::vector<int> bands) {
  RasterRequest request;
  request.mName = layer.name();
  request.mLayerId = layer.id();
  request.mCrs = layer.crs();
  request.mContext = canvas.transformContext();
  request.mWhole = layer.extent();
  if (layer.providerType() == QLatin1String("gdal")) {
    request.mGdalSource = layer.source().section(QLatin1Char('|'), 0, 0);
    request.mBands = bands.empty() ? bandsAsDrawn(layer) : std::move(bands);
    return request;
  }
  QgsMapSettings settings = canvas;
  settings.setDestinationCrs(layer.crs());
  settings.setRotation(0.0);
  request.mPlan = std::make_shared<RenderPlan>(planOf({&layer}, settings));
  request.mPlan->name = layer.name();
  request.mPlan->background = Qt::GlobalColor::black;
  const QgsRectangle view = request.toOwnCrs(canvas.visibleExtent(), canvas.destinationCrs());
  request.mCanvasUnitsPerPixel = view.isEmpty() ? 0.0 : view.width() / canvas.outputSize().width();
  return request;
}

RasterRequest RasterRequest::ofCanvas(const QgsMapSettings& canvas) {
  RasterRequest request;
  request.mName = tr("Map view");
  request.mCrs = canvas.destinationCrs();
  request.mContext = canvas.transformContext();
  request.mCanvasUnitsPerPixel = canvas.mapUnitsPerPixel();
  const QSize size = canvas.outputSize();
  request.mWhole = QgsRectangle::fromCenterAndSize(canvas.extent().center(), size.width() * canvas.mapUnitsPerPixel(),
                                                   size.height() * canvas.mapUnitsPerPixel());
  request.mPlan = std::make_shared<RenderPlan>(planOf(canvas.layers(), canvas));
  request.mPlan->name = request.mName;
  request.mPlan->background = canvas.backgroundColor();
  return request;
}

QgsRectangle RasterRequest::toOwnCrs(const QgsRectangle& rectangle, const QgsCoordinateReferenceSystem& crs) const {
  if (!crs.isValid() || !mCrs.isValid() || crs == mCrs) return rectangle;
  try {
    QgsCoordinateTransform transform(crs, mCrs, mContext);
    transform.setBallparkTransformsAreAppropriate(true);
    return transform.transformBoundingBox(rectangle);
  } catch (const QgsCsException& error) {
    throw Error(ErrorCode::InvalidInput, tr("%1: the area cannot be transformed into the layer's coordinate reference system: %2")
                                             .arg(mName, error.what())
                                             .toStdString());
  }
}

void RasterRequest::narrow(const QgsRectangle& bounds) {
  const QgsRectangle inside = bounds.intersect(mWhole);
  if (inside.isEmpty()) {
    throw Error(ErrorCode::InvalidInput, tr("%1: nothing of it lies in the chosen area").arg(mName).toStdString(),
                tr("Move the map to the layer, or choose another area").toStdString());
  }
  mArea = inside;
}

void RasterRequest::setView(const QgsMapSettings& canvas) {
  if (mLayerId.isEmpty()) return;  // the map as drawn is the view
  narrow(toOwnCrs(canvas.visibleExtent(), canvas.destinationCrs()));
}

void RasterRequest::setRectangle(const QgsRectangle& rectangle, const QgsCoordinateReferenceSystem& crs) {
  const QgsRectangle own = toOwnCrs(rectangle, crs);
  if (mLayerId.isEmpty()) {
    // A rectangle may reach beyond the view, and lies along the axes of the map.
    mWhole = own;
    mPlan->settings.setRotation(0.0);
    return;
  }
  narrow(own);
}

void RasterRequest::setSelectedPolygons(const QgsVectorLayer& layer) {
  QVector<QgsGeometry> shapes;
  const QgsCoordinateTransform transform(layer.crs(), mCrs, mContext);
  const auto selected = layer.selectedFeatures();
  for (const QgsFeature& feature : selected) {
    QgsGeometry shape = feature.geometry();
    if (shape.isNull()) continue;
    try {
      if (layer.crs().isValid() && mCrs.isValid()) shape.transform(transform);
    } catch (const QgsCsException& error) {
      throw Error(ErrorCode::InvalidInput,
                  tr("%1: a polygon cannot be transformed: %2").arg(layer.name(), error.what()).toStdString());
    }
    shapes.append(shape);
  }
  if (shapes.isEmpty()) {
    throw Error(ErrorCode::InvalidInput, tr("%1: no polygon is selected").arg(layer.name()).toStdString(),
                tr("Select the polygons to search in").toStdString());
  }
  mPolygons = QgsGeometry::unaryUnion(shapes);
  if (mLayerId.isEmpty()) {
    setRectangle(mPolygons.boundingBox(), mCrs);
  } else {
    narrow(mPolygons.boundingBox());
  }
}

QgsRectangle RasterRequest::bounds() const {
  return mArea.value_or(mWhole);
}

std::unique_ptr<geo::RasterSource> RasterRequest::open(double gsdM) {
  if (!mGdalSource.isEmpty()) {
    geo::RasterOptions options;
    options.bands = mBands;
    return std::make_unique<geo::GdalRaster>(mGdalSource.toStdString(), options);
  }
  RenderPlan plan = std::move(*mPlan);
  plan.extent = bounds();
  double unitsPerPixel = std::max(plan.extent.width(), plan.extent.height()) / kPixelsOfLook;
  const auto metres = gsdM > 0 ? metresPerUnit(mCrs, mContext, plan.extent.center()) : std::nullopt;
  if (metres) {
    unitsPerPixel = gsdM / *metres;
  } else if (mCanvasUnitsPerPixel > 0) {
    unitsPerPixel = std::min(unitsPerPixel, mCanvasUnitsPerPixel);
  }
  return std::make_unique<RenderedRaster>(std::move(plan), unitsPerPixel);
}

std::optional<geo::PixelRect> RasterRequest::pixelArea(const geo::RasterSource& raster) const {
  // A drawn raster has been cut to the area.
  if (!mArea || mGdalSource.isEmpty()) return std::nullopt;
  geo::Bounds bounds{mArea->xMinimum(), mArea->yMinimum(), mArea->xMaximum(), mArea->yMaximum()};
  if (!raster.hasGeotransform())
    bounds = {mArea->xMinimum(), flippedRow(mArea->yMaximum()), mArea->xMaximum(), flippedRow(mArea->yMinimum())};
  return geo::pixelRectOf(raster, bounds);
}

std::vector<std::vector<geo::Point>> RasterRequest::pixelPolygons(const geo::RasterSource& raster) const {
  std::vector<std::vector<geo::Point>> rings;
  if (mPolygons.isNull()) return rings;
  const geo::Geotransform toPixel = raster.geotransform().inverse();
  for (auto part = mPolygons.const_parts_begin(); part != mPolygons.const_parts_end(); ++part) {
    const auto* surface = qgsgeometry_cast<const QgsCurvePolygon*>(*part);
    const std::unique_ptr<QgsPolygon> polygon(surface ? surface->surfaceToPolygon() : nullptr);
    if (!polygon || !polygon->exteriorRing()) continue;
    std::vector<geo::Point> ring;
    for (auto vertex = polygon->exteriorRing()->vertices_begin(); vertex != polygon->exteriorRing()->vertices_end(); ++vertex) {
      const QgsPoint point = *vertex;
      ring.push_back(toPixel.toMap({point.x(), raster.hasGeotransform() ? point.y() : flippedRow(point.y())}));
    }
    if (ring.size() > 1) ring.pop_back();  // the last repeats the first
    rings.push_back(std::move(ring));
  }
  return rings;
}

}  // namespace orthoscribe::plugin
