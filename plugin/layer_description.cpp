// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/layer_description.h"

#include <qgslayernotesutils.h>
#include <qgsmaplayer.h>
#include <qgsproject.h>

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

namespace orthoscribe::plugin {

void putDescription(QgsMapLayer& layer, const QString& text, const QString& model) {
  const QString kBlockProperty = QStringLiteral("orthoscribe/description");
  const QString origin = QCoreApplication::translate("LayerDescription", "Described by %1 on %2")
                             .arg(model, QLocale().toString(QDateTime::currentDateTime(), QLocale::FormatType::ShortFormat));
  const QString block = QStringLiteral("<p>%1</p><p><i>%2</i></p>").arg(text.toHtmlEscaped(), origin.toHtmlEscaped());
  QString notes = QgsLayerNotesUtils::layerNotes(&layer);
  const QString before = layer.customProperty(kBlockProperty).toString();
  if (!before.isEmpty() && notes.contains(before)) {
    notes.replace(before, block);
  } else if (const auto end = notes.lastIndexOf(QLatin1String("</body>")); end >= 0) {
    notes.insert(end, block);
  } else {
    notes += block;
  }
  QgsLayerNotesUtils::setLayerNotes(&layer, notes);
  layer.setCustomProperty(kBlockProperty, block);
  QgsProject::instance()->setDirty(true);
}

}  // namespace orthoscribe::plugin
