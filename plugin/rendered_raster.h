// SPDX-License-Identifier: GPL-2.0-or-later
// A raster that QGIS draws window by window: web map layers, and the map as it is on the canvas.
#pragma once

#include <qgsmapsettings.h>
#include <qgsmaptopixel.h>

#include <memory>
#include <vector>

#include "core/geo/raster.h"

class QgsMapLayer;

namespace orthoscribe::plugin {

// What to draw. Made on the main thread; the layers are copies that belong to no thread until a RenderedRaster takes them over.
struct RenderPlan {
  QgsMapSettings settings;                           // destination CRS, rotation, flags; layers and extent are set while drawing
  std::vector<std::unique_ptr<QgsMapLayer>> layers;  // topmost first
  QString name;
  QgsRectangle extent;  // in the destination CRS; with a rotation: before turning about its centre
  QColor background;    // under what is half transparent
};

class RenderedRaster : public geo::RasterSource {
 public:
  // Takes the layers to the calling thread. unitsPerPixel: side of a raster pixel in units of the destination CRS. Throws
  // Error{InvalidInput} when the extent is empty.
  RenderedRaster(RenderPlan plan, double unitsPerPixel);
  ~RenderedRaster() override;

  std::int64_t width() const override { return mWidth; }
  std::int64_t height() const override { return mHeight; }
  geo::Geotransform geotransform() const override { return mTransform; }
  bool hasGeotransform() const override { return true; }
  std::string crsWkt() const override;
  std::string name() const override { return mPlan.name.toStdString(); }
  std::optional<double> groundResolutionM() const override;
  geo::RasterWindow read(const geo::PixelRect& source, int imageWidth, int imageHeight, const CancelToken& cancel) override;

 private:
  RenderPlan mPlan;
  double mUnitsPerPixel;
  std::int64_t mWidth = 0;
  std::int64_t mHeight = 0;
  geo::Geotransform mTransform;
};

// Metres on the ground for one unit of the settings' destination CRS around `centre`, mean of both directions; nothing without
// CRS.
std::optional<double> metresPerUnit(const QgsCoordinateReferenceSystem& crs, const QgsCoordinateTransformContext& context,
                                    const QgsPointXY& centre);

}  // namespace orthoscribe::plugin
