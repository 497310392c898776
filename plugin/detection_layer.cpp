// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/detection_layer.h"

#include <qgscategorizedsymbolrenderer.h>
#include <qgsfillsymbol.h>
#include <qgsfillsymbollayer.h>
#include <qgslayertree.h>
#include <qgslinestring.h>
#include <qgspolygon.h>
#include <qgsproject.h>
#include <qgsvariantutils.h>
#include <qgsvectorlayer.h>

#include <QCoreApplication>
#include <array>

#include "plugin/raster_request.h"

namespace orthoscribe::plugin {
namespace {

enum Field { kLabel, kScore, kAzimuth, kLength, kWidth, kArea, kTile };

// Okabe and Ito's palette without its black and its grey; bright first, since they lie on dark pictures.
constexpr std::array<QRgb, 7> kPalette = {0xfff0e442, 0xffe69f00, 0xff56b4e9, 0xffcc79a7, 0xff009e73, 0xffd55e00, 0xff0072b2};

QVariant numberOrNull(const std::optional<double>& number) {
  return number ? QVariant(*number) : QVariant();
}

std::unique_ptr<QgsFillSymbol> boxSymbol(const QColor& colour) {
  QColor fill = colour;
  fill.setAlpha(30);
  auto layer = std::make_unique<QgsSimpleFillSymbolLayer>(fill);
  layer->setStrokeColor(colour);
  layer->setStrokeWidth(0.5);
  layer->setPenJoinStyle(Qt::PenJoinStyle::MiterJoin);
  return std::make_unique<QgsFillSymbol>(QgsSymbolLayerList{layer.release()});
}

}  // namespace

QgsFields detectionFields() {
  QgsFields fields;
  fields.append(QgsField(QStringLiteral("label"), QMetaType::Type::QString, QStringLiteral("text")));
  for (const char* name : {"score", "azimuth", "length_m", "width_m", "area_m2"}) {
    fields.append(QgsField(QLatin1String(name), QMetaType::Type::Double, QStringLiteral("double")));
  }
  fields.append(QgsField(QStringLiteral("tile"), QMetaType::Type::Int, QStringLiteral("integer")));
  return fields;
}

QgsFeature detectionFeature(const geo::Detection& detection, const geo::Measurer* measurer) {
  QVector<double> x;
  QVector<double> y;
  for (int corner = 0; corner <= 4; ++corner) {
    const geo::Point& point = detection.mapQuad[std::size_t(corner % 4)];
    x.append(point.x);
    y.append(measurer ? point.y : flippedRow(point.y));
  }
  QgsFeature feature(detectionFields());
  feature.setGeometry(QgsGeometry(std::make_unique<QgsPolygon>(new QgsLineString(x, y))));
  feature.setAttribute(kLabel, QString::fromStdString(detection.label));
  feature.setAttribute(kScore, numberOrNull(detection.score));
  feature.setAttribute(kTile, detection.tile);
  if (measurer) {
    const geo::GroundMeasures measures = measurer->measure(detection.mapQuad);
    feature.setAttribute(kAzimuth, measures.azimuthDeg);
    feature.setAttribute(kLength, numberOrNull(measures.lengthM));
    feature.setAttribute(kWidth, numberOrNull(measures.widthM));
    feature.setAttribute(kArea, numberOrNull(measures.areaM2));
  }
  return feature;
}

geo::Detection detectionOf(const QgsFeature& feature, bool georeferenced) {
  geo::Detection detection;
  detection.label = feature.attribute(QStringLiteral("label")).toString().toStdString();
  const QVariant score = feature.attribute(QStringLiteral("score"));
  if (!QgsVariantUtils::isNull(score)) detection.score = score.toDouble();
  detection.tile = feature.attribute(QStringLiteral("tile")).toInt();

  std::vector<geo::Point> points;
  const QgsGeometry geometry = feature.geometry();
  for (auto vertex = geometry.vertices_begin(); vertex != geometry.vertices_end(); ++vertex) {
    points.push_back({(*vertex).x(), georeferenced ? (*vertex).y() : flippedRow((*vertex).y())});
  }
  if (points.size() == 5) {
    std::copy_n(points.begin(), 4, detection.mapQuad.begin());
  } else {
    detection.mapQuad = geo::corners(geo::minimumAreaRectangle(points));
  }
  detection.pixelQuad = detection.mapQuad;
  return detection;
}

std::unique_ptr<QgsVectorLayer> makeDetectionLayer(const QString& name, const QgsCoordinateReferenceSystem& crs,
                                                   const QStringList& classes) {
  auto layer = std::make_unique<QgsVectorLayer>(QStringLiteral("Polygon"), name, QStringLiteral("memory"));
  layer->setCrs(crs);
  layer->dataProvider()->addAttributes(detectionFields().toList());
  layer->updateFields();
  layer->setDisplayExpression(QStringLiteral("\"label\" || coalesce(' ' || round(\"score\", 2), '')"));
  styleDetections(*layer, classes);
  return layer;
}

void styleDetections(QgsVectorLayer& layer, const QStringList& classes) {
  QgsCategoryList categories;
  std::size_t next = 0;
  for (const QString& name : classes) {
    categories.append(QgsRendererCategory(name, boxSymbol(QColor(kPalette[next++ % kPalette.size()])).release(), name));
  }
  layer.setRenderer(new QgsCategorizedSymbolRenderer(QStringLiteral("label"), categories));
}

QgsLayerMetadata detectionMetadata(const geo::Provenance& provenance) {
  const auto text = [](const std::string& value) { return QString::fromStdString(value); };
  QgsLayerMetadata metadata;
  metadata.setTitle(QCoreApplication::translate("DetectionLayer", "Objects detected on %1").arg(text(provenance.sourceRaster)));
  metadata.setType(QStringLiteral("dataset"));
  QStringList lines = {QCoreApplication::translate("DetectionLayer", "Found by the model %1 in answer to: %2")
                           .arg(text(provenance.model), text(provenance.prompt))};
  for (const auto& [name, value] : provenance.parameters) lines << text(name) + QStringLiteral(" = ") + text(value);
  metadata.setAbstract(lines.join(QLatin1Char('\n')));
  metadata.addHistoryItem(QStringLiteral("%1: Orthoscribe %2, model %3 %4 %5")
                              .arg(text(provenance.time), text(provenance.programVersion), text(provenance.model),
                                   text(provenance.modelHash), text(provenance.adapter))
                              .trimmed());
  return metadata;
}

void addAbove(std::unique_ptr<QgsVectorLayer> layer, const QString& rasterLayerId) {
  QgsProject* project = QgsProject::instance();
  QgsMapLayer* added = project->addMapLayer(layer.release(), false);
  QgsLayerTree* root = project->layerTreeRoot();
  QgsLayerTreeLayer* raster = rasterLayerId.isEmpty() ? nullptr : root->findLayer(rasterLayerId);
  auto* group = raster ? qobject_cast<QgsLayerTreeGroup*>(raster->parent()) : nullptr;
  if (group) {
    group->insertLayer(int(group->children().indexOf(raster)), added);
  } else {
    root->insertLayer(0, added);
  }
}

void setLowestScore(QgsVectorLayer& layer, double score) {
  // A filter cannot be changed during an edit session; the slider then waits for its end.
  if (layer.isEditable()) return;
  layer.setSubsetString(score <= 0.0 ? QString() : QStringLiteral("\"score\" IS NULL OR \"score\" >= %1").arg(score, 0, 'f', 4));
}

}  // namespace orthoscribe::plugin
