// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/place_marks.h"

#include <qgscoordinatetransform.h>
#include <qgsmapcanvas.h>
#include <qgsproject.h>
#include <qgsrubberband.h>

namespace orthoscribe::plugin {
namespace {

// Seen on dark and light ground alike: a bright line in a dark one.
const QColor kStroke(255, 170, 0);
const QColor kShadow(20, 20, 20, 160);
const QColor kFill(255, 170, 0, 28);

}  // namespace

PlaceMarks::PlaceMarks(QgsMapCanvas& canvas, QObject* parent) : QObject(parent), mCanvas(canvas) {
  connect(&canvas, &QgsMapCanvas::destinationCrsChanged, this, [this] {
    for (const Mark& mark : mMarks) draw(mark);
  });
}

PlaceMarks::~PlaceMarks() = default;

void PlaceMarks::add(int entry, const QgsGeometry& outline, const QgsCoordinateReferenceSystem& crs) {
  Mark mark;
  mark.entry = entry;
  mark.outline = outline;
  mark.crs = crs;
  mark.band = std::make_unique<QgsRubberBand>(&mCanvas, Qgis::GeometryType::Polygon);
  mark.band->setStrokeColor(kStroke);
  mark.band->setSecondaryStrokeColor(kShadow);
  mark.band->setFillColor(kFill);
  mark.band->setWidth(2);
  draw(mark);
  mMarks.push_back(std::move(mark));
}

void PlaceMarks::clear() {
  mMarks.clear();
}

std::optional<PlaceMarks::Place> PlaceMarks::placeOf(int entry, int step) const {
  for (const Mark& mark : mMarks) {
    if (mark.entry == entry && step-- == 0) return Place{mark.outline.boundingBox(), mark.crs};
  }
  return std::nullopt;
}

void PlaceMarks::draw(const Mark& mark) {
  QgsGeometry shape = mark.outline;
  try {
    shape.transform(
        QgsCoordinateTransform(mark.crs, mCanvas.mapSettings().destinationCrs(), QgsProject::instance()->transformContext()));
    mark.band->setToGeometry(shape);
    mark.band->show();
  } catch (const QgsCsException&) {
    mark.band->hide();  // it cannot be shown in this CRS
  }
}

}  // namespace orthoscribe::plugin
