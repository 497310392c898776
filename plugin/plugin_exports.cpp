// SPDX-License-Identifier: GPL-2.0-or-later
// The functions by which QGIS takes this library for a plugin (qgisplugin.h).
#include <qgis.h>

#include <QPointer>
#include <QString>

#include "core/base/version.h"
#include "plugin/orthoscribe_plugin.h"

namespace {

// QGIS keeps the pointers, so these live as long as the library. They are shown before any translator of ours is installed.
const QString kName = QStringLiteral("Orthoscribe");
const QString kDescription =
    QStringLiteral("Ask maps and aerial images questions, describe them and find objects with a vision-language model");
const QString kCategory = QStringLiteral("Raster");
const QString kVersion = QLatin1String(orthoscribe::kVersion);
const QString kIcon = QStringLiteral(":/orthoscribe/icons/orthoscribe.svg");
const QString kExperimental = QStringLiteral("false");

}  // namespace

QGISEXTERN QgisPlugin* classFactory(QgisInterface* iface) {
  // QGIS forgets an unloaded plugin without deleting it.
  static QPointer<orthoscribe::plugin::OrthoscribePlugin> formerLife;
  delete formerLife;
  formerLife = new orthoscribe::plugin::OrthoscribePlugin(*iface, kName, kDescription, kCategory, kVersion);
  return formerLife;
}

QGISEXTERN const QString* name() {
  return &kName;
}
QGISEXTERN const QString* description() {
  return &kDescription;
}
QGISEXTERN const QString* category() {
  return &kCategory;
}
QGISEXTERN const QString* version() {
  return &kVersion;
}
QGISEXTERN const QString* icon() {
  return &kIcon;
}
QGISEXTERN const QString* experimental() {
  return &kExperimental;
}
QGISEXTERN int type() {
  return QgisPlugin::UI;
}
QGISEXTERN void unload(QgisPlugin* plugin) {
  delete plugin;
}
