// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/area_request.h"

#include <qgsmapcanvas.h>
#include <qgsproject.h>
#include <qgsrasterlayer.h>
#include <qgsvectorlayer.h>

#include <QCoreApplication>

#include "core/base/error.h"
#include "plugin/messages.h"
#include "plugin/rectangle_picker.h"

namespace orthoscribe::plugin {

RasterRequest requestOf(QgsMapLayer* layer, const QgsMapCanvas& canvas, const ui::AreaChooser& chooser,
                        const RectanglePicker& picker) {
  auto* raster = qobject_cast<QgsRasterLayer*>(layer);
  RasterRequest request =
      raster ? RasterRequest::ofLayer(*raster, canvas.mapSettings()) : RasterRequest::ofCanvas(canvas.mapSettings());
  switch (chooser.kind()) {
    case ui::AreaKind::View:
      request.setView(canvas.mapSettings());
      break;
    case ui::AreaKind::Rectangle:
      if (!picker.rectangle()) {
        throw Error(ErrorCode::InvalidInput,
                    QCoreApplication::translate("AreaRequest", "no rectangle has been drawn yet").toStdString(),
                    QCoreApplication::translate("AreaRequest", "Press Draw and drag one on the map").toStdString());
      }
      request.setRectangle(*picker.rectangle(), picker.crs());
      break;
    case ui::AreaKind::SelectedPolygons:
      if (!chooser.polygonLayer()) {
        throw Error(ErrorCode::InvalidInput,
                    QCoreApplication::translate("AreaRequest", "there is no polygon layer").toStdString(),
                    QCoreApplication::translate("AreaRequest", "Add one and select polygons in it").toStdString());
      }
      request.setSelectedPolygons(*chooser.polygonLayer());
      break;
    case ui::AreaKind::Layer:
      break;
  }
  return request;
}

QString placeText(const RasterRequest& request, ui::AreaKind kind) {
  if (request.layerId().isEmpty()) {
    return kind == ui::AreaKind::Rectangle ? QCoreApplication::translate("AreaRequest", "Rectangle on the map")
                                           : QCoreApplication::translate("AreaRequest", "Map view");
  }
  switch (kind) {
    case ui::AreaKind::View:
      return QCoreApplication::translate("AreaRequest", "View of %1").arg(request.name());
    case ui::AreaKind::Rectangle:
      return QCoreApplication::translate("AreaRequest", "Rectangle on %1").arg(request.name());
    case ui::AreaKind::SelectedPolygons:
      return QCoreApplication::translate("AreaRequest", "Polygons on %1").arg(request.name());
    case ui::AreaKind::Layer:
      break;
  }
  return request.name();
}

void connectPicker(ui::AreaChooser& chooser, RectanglePicker& picker) {
  QObject::connect(&chooser, &ui::AreaChooser::rectangleWanted, &picker, &RectanglePicker::pick);
  QObject::connect(&chooser, &ui::AreaChooser::kindChanged, &picker,
                   [&chooser, &picker] { picker.setShown(chooser.kind() == ui::AreaKind::Rectangle); });
  QObject::connect(&picker, &RectanglePicker::picked, &chooser, [&chooser, &picker] {
    const QgsRectangle rectangle = *picker.rectangle();
    const auto metres = metresPerUnit(picker.crs(), QgsProject::instance()->transformContext(), rectangle.center());
    chooser.setKind(ui::AreaKind::Rectangle);
    picker.setShown(true);
    chooser.showRectangle(metres ? sizeText(rectangle.width() * *metres, rectangle.height() * *metres)
                                 : QCoreApplication::translate("AreaRequest", "Rectangle drawn"));
  });
}

}  // namespace orthoscribe::plugin
