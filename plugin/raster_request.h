// SPDX-License-Identifier: GPL-2.0-or-later
// What a job is to look at, taken on the main thread from layers and canvas, so that the job touches neither.
#pragma once

#include <qgscoordinatereferencesystem.h>
#include <qgscoordinatetransformcontext.h>
#include <qgsgeometry.h>
#include <qgsrectangle.h>

#include <QCoreApplication>
#include <memory>
#include <optional>
#include <vector>

#include "core/geo/raster.h"
#include "plugin/rendered_raster.h"

class QgsMapSettings;
class QgsRasterLayer;
class QgsVectorLayer;

namespace orthoscribe::plugin {

class RasterRequest {
  Q_DECLARE_TR_FUNCTIONS(RasterRequest)

 public:
  // A layer: its file by GDAL when it is one, else as QGIS draws it. canvas: for CRS transforms and drawing options. bands:
  // 1-based, empty: those the layer is drawn with.
  static RasterRequest ofLayer(QgsRasterLayer& layer, const QgsMapSettings& canvas, std::vector<int> bands = {});
  // The map with all its layers, in the canvas's CRS and rotation.
  static RasterRequest ofCanvas(const QgsMapSettings& canvas);

  // These narrow the area; without one of them the whole layer, or for a canvas the view, is meant. They throw
  // Error{InvalidInput} when nothing of the layer lies inside or the place cannot be transformed into the layer's CRS.
  void setView(const QgsMapSettings& canvas);
  void setRectangle(const QgsRectangle& rectangle, const QgsCoordinateReferenceSystem& crs);
  void setSelectedPolygons(const QgsVectorLayer& layer);

  const QString& name() const { return mName; }
  const QString& layerId() const { return mLayerId; }  // empty for the canvas
  const QgsCoordinateReferenceSystem& crs() const { return mCrs; }
  // Bounds of the area, in crs(). Never empty.
  QgsRectangle bounds() const;

  // Opens the source on the calling thread; a drawn one can be opened once. gsdM: ground resolution that will be asked for, 0 if
  // unknown.
  std::unique_ptr<geo::RasterSource> open(double gsdM);
  // The pixels of the area; nothing: all.
  std::optional<geo::PixelRect> pixelArea(const geo::RasterSource& raster) const;
  // Outer rings of the polygons in pixels of the raster; empty: no polygons.
  std::vector<std::vector<geo::Point>> pixelPolygons(const geo::RasterSource& raster) const;

 private:
  void narrow(const QgsRectangle& bounds);
  QgsRectangle toOwnCrs(const QgsRectangle& rectangle, const QgsCoordinateReferenceSystem& crs) const;

  QString mName;
  QString mLayerId;
  QgsCoordinateReferenceSystem mCrs;
  QgsCoordinateTransformContext mContext;
  QgsRectangle mWhole;  // extent of layer or view
  std::optional<QgsRectangle> mArea;
  QgsGeometry mPolygons;

  QString mGdalSource;  // empty: drawn
  std::vector<int> mBands;
  std::shared_ptr<RenderPlan> mPlan;
  double mCanvasUnitsPerPixel = 0.0;  // in crs(), 0 if unknown
};

// QGIS shows a raster without georeference with its rows going down from 0; core/geo counts them upwards in numbers. Maps one to
// the other, both ways.
double flippedRow(double y);

}  // namespace orthoscribe::plugin
