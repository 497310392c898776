// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/review_layer.h"

#include <qgscategorizedsymbolrenderer.h>
#include <qgsfeatureiterator.h>
#include <qgsfillsymbol.h>
#include <qgsfillsymbollayer.h>
#include <qgsvectordataprovider.h>
#include <qgsvectorlayer.h>

#include <QCoreApplication>

#include "plugin/detection_layer.h"

namespace orthoscribe::plugin {
namespace {

QString statusOf(Review review) {
  return review == Review::Accepted ? QStringLiteral("accepted") : QStringLiteral("rejected");
}

QgsFillSymbol* outline(const QColor& colour, Qt::PenStyle line) {
  auto layer = std::make_unique<QgsSimpleFillSymbolLayer>(Qt::GlobalColor::transparent, Qt::BrushStyle::NoBrush);
  layer->setStrokeColor(colour);
  layer->setStrokeWidth(0.6);
  layer->setStrokeStyle(line);
  return new QgsFillSymbol(QgsSymbolLayerList{layer.release()});
}

// Told apart by line as well as by colour.
void styleReview(QgsVectorLayer& layer) {
  QgsCategoryList categories;
  categories << QgsRendererCategory(statusOf(Review::Accepted), outline(QColor(0x56b4e9), Qt::PenStyle::SolidLine),
                                    QCoreApplication::translate("ReviewLayer", "Accepted"));
  categories << QgsRendererCategory(statusOf(Review::Rejected), outline(QColor(0xd55e00), Qt::PenStyle::DotLine),
                                    QCoreApplication::translate("ReviewLayer", "Rejected"));
  categories << QgsRendererCategory(QVariant(), outline(QColor(0xf0e442), Qt::PenStyle::DashLine),
                                    QCoreApplication::translate("ReviewLayer", "Not reviewed"));
  layer.setRenderer(new QgsCategorizedSymbolRenderer(reviewField(), categories));
}

}  // namespace

QString reviewField() {
  return QStringLiteral("review");
}

QgsVectorLayer* reviewLayerOf(QgsVectorLayer& layer) {
  if (layer.geometryType() != Qgis::GeometryType::Polygon) return nullptr;
  if (layer.fields().lookupField(reviewField()) >= 0) return &layer;
  auto copy = std::make_unique<QgsVectorLayer>(QStringLiteral("MultiPolygon"),
                                               QCoreApplication::translate("ReviewLayer", "%1 (review)").arg(layer.name()),
                                               QStringLiteral("memory"));
  copy->setCrs(layer.crs());
  QList<QgsField> fields = layer.fields().toList();
  fields << QgsField(reviewField(), QMetaType::Type::QString, QStringLiteral("text"));
  copy->dataProvider()->addAttributes(fields);
  copy->updateFields();
  QgsFeatureList features;
  QList<int> chosen;
  const QgsFeatureIds selected = layer.selectedFeatureIds();
  QgsFeature feature;
  for (QgsFeatureIterator all = layer.getFeatures(); all.nextFeature(feature);) {
    QgsFeature one(copy->fields());
    one.setAttributes(feature.attributes() << QVariant());
    QgsGeometry shape = feature.geometry();
    shape.convertToMultiType();
    one.setGeometry(shape);
    if (selected.contains(feature.id())) chosen << int(features.size());
    features << one;
  }
  copy->dataProvider()->addFeatures(features);
  QgsFeatureIds ids;
  for (const int index : std::as_const(chosen)) ids << features.at(index).id();
  copy->updateExtents();
  styleReview(*copy);
  QgsVectorLayer* added = copy.get();
  addAbove(std::move(copy), layer.id());
  added->selectByIds(ids);
  layer.removeSelection();  // or it would shine through
  return added;
}

int markSelected(QgsVectorLayer& layer, Review review) {
  const int field = layer.fields().lookupField(reviewField());
  const QgsFeatureIds selected = layer.selectedFeatureIds();
  if (field < 0 || selected.isEmpty()) return 0;
  if (layer.isEditable()) {
    for (const QgsFeatureId id : selected) layer.changeAttributeValue(id, field, statusOf(review));
  } else {
    QgsChangedAttributesMap changes;
    for (const QgsFeatureId id : selected) changes[id][field] = statusOf(review);
    if (!layer.dataProvider()->changeAttributeValues(changes)) return 0;
  }
  layer.triggerRepaint();
  return int(selected.size());
}

}  // namespace orthoscribe::plugin
