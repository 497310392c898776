// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/fate_layer.h"

#include <qgscategorizedsymbolrenderer.h>
#include <qgsfillsymbol.h>
#include <qgsvectorlayer.h>

#include <QCoreApplication>
#include <array>

namespace orthoscribe::plugin {
namespace {

struct FateLook {
  Fate fate;
  const char* value;  // in the layer, whatever the user's language
  const char* title;
  const char* colour;
  const char* width;  // millimetres
  const char* line;
};

constexpr std::array<FateLook, 4> kLooks = {
    {{Fate::Right, "right", QT_TRANSLATE_NOOP("FateLayer", "Right"), "0,158,115,255", "0.4", "solid"},
     {Fate::Wrong, "wrong", QT_TRANSLATE_NOOP("FateLayer", "Wrong"), "213,94,0,255", "0.66", "solid"},
     {Fate::Missed, "missed", QT_TRANSLATE_NOOP("FateLayer", "Missed"), "0,114,178,255", "0.66", "dash"},
     {Fate::NotCounted, "not counted", QT_TRANSLATE_NOOP("FateLayer", "Not counted"), "140,140,140,255", "0.3", "dot"}}};

const FateLook& lookOf(Fate fate) {
  return kLooks[static_cast<std::size_t>(fate)];
}

}  // namespace

QgsFields fateFields() {
  QgsFields fields;
  fields.append(QgsField(QStringLiteral("label"), QMetaType::Type::QString));
  fields.append(QgsField(QStringLiteral("score"), QMetaType::Type::Double));
  fields.append(QgsField(QStringLiteral("fate"), QMetaType::Type::QString));
  fields.append(QgsField(QStringLiteral("overlap"), QMetaType::Type::Double));
  return fields;
}

QgsFeature fateFeature(const FatedObject& object) {
  QgsFeature feature(fateFields());
  feature.setGeometry(object.object.geometry);
  feature.setAttribute(0, object.object.label);
  if (object.object.score) feature.setAttribute(1, *object.object.score);
  feature.setAttribute(2, QLatin1String(lookOf(object.fate).value));
  if (object.fate != Fate::Missed) feature.setAttribute(3, object.overlap);
  return feature;
}

void styleFates(QgsVectorLayer& layer) {
  QgsCategoryList categories;
  for (const FateLook& look : kLooks) {
    const QVariantMap properties = {{QStringLiteral("style"), QStringLiteral("no")},
                                    {QStringLiteral("outline_color"), QLatin1String(look.colour)},
                                    {QStringLiteral("outline_width"), QLatin1String(look.width)},
                                    {QStringLiteral("outline_style"), QLatin1String(look.line)}};
    categories.append(QgsRendererCategory(QLatin1String(look.value),
                                          std::unique_ptr<QgsFillSymbol>(QgsFillSymbol::createSimple(properties)).release(),
                                          QCoreApplication::translate("FateLayer", look.title)));
  }
  layer.setRenderer(new QgsCategorizedSymbolRenderer(QStringLiteral("fate"), categories));
}

void FateStyler::postProcessLayer(QgsMapLayer* layer, QgsProcessingContext&, QgsProcessingFeedback*) {
  if (auto* fates = qobject_cast<QgsVectorLayer*>(layer)) styleFates(*fates);
}

}  // namespace orthoscribe::plugin
