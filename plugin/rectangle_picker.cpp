// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/rectangle_picker.h"

#include <qgscoordinatetransform.h>
#include <qgsmapcanvas.h>
#include <qgsmaptoolextent.h>
#include <qgsproject.h>
#include <qgsrubberband.h>

namespace orthoscribe::plugin {

RectanglePicker::RectanglePicker(QgsMapCanvas& canvas, QObject* parent)
    : QObject(parent),
      mCanvas(canvas),
      mTool(std::make_unique<QgsMapToolExtent>(&canvas)),
      mBand(std::make_unique<QgsRubberBand>(&canvas, Qgis::GeometryType::Polygon)) {
  QColor colour = canvas.palette().color(QPalette::ColorRole::Highlight);
  mBand->setStrokeColor(colour);
  colour.setAlpha(40);
  mBand->setFillColor(colour);
  mBand->setWidth(2);
  mBand->hide();
  connect(mTool.get(), &QgsMapToolExtent::extentChanged, this, &RectanglePicker::take);
  connect(&canvas, &QgsMapCanvas::destinationCrsChanged, this, &RectanglePicker::draw);
}

RectanglePicker::~RectanglePicker() {
  if (mCanvas.mapTool() == mTool.get()) {
    mCanvas.unsetMapTool(mTool.get());
    if (mToolBefore) mCanvas.setMapTool(mToolBefore);
  }
}

void RectanglePicker::pick() {
  if (mCanvas.mapTool() != mTool.get()) mToolBefore = mCanvas.mapTool();
  mCanvas.setMapTool(mTool.get());
  mCanvas.setFocus(Qt::FocusReason::OtherFocusReason);
}

void RectanglePicker::take(const QgsRectangle& rectangle) {
  mTool->clearRubberBand();
  if (rectangle.isEmpty()) return;  // a click without a drag
  mRectangle = rectangle;
  mCrs = mCanvas.mapSettings().destinationCrs();
  mCanvas.unsetMapTool(mTool.get());
  if (mToolBefore) mCanvas.setMapTool(mToolBefore);
  draw();
  Q_EMIT picked();
}

void RectanglePicker::setShown(bool shown) {
  mShown = shown;
  draw();
}

void RectanglePicker::forget() {
  mRectangle.reset();
  draw();
}

void RectanglePicker::draw() {
  mBand->setVisible(mShown && mRectangle);
  if (!mRectangle) return;
  QgsGeometry shape = QgsGeometry::fromRect(*mRectangle);
  try {
    shape.transform(
        QgsCoordinateTransform(mCrs, mCanvas.mapSettings().destinationCrs(), QgsProject::instance()->transformContext()));
    mBand->setToGeometry(shape);
  } catch (const QgsCsException&) {
    mBand->hide();  // it cannot be shown in this CRS, but it still counts
  }
}

}  // namespace orthoscribe::plugin
