// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/settings.h"

#include <qgssettings.h>

namespace orthoscribe::plugin {
namespace {

QString key(const char* name) {
  return QStringLiteral("orthoscribe/") + QLatin1String(name);
}

}  // namespace

ui::OptionsValues loadOptions() {
  const QgsSettings settings;
  const auto text = [&settings](const char* name) { return settings.value(key(name)).toString(); };
  ui::OptionsValues values;
  values.model = text("model");
  values.adapters = settings.value(key("adapters")).toStringList();
  values.device = text("device");
  values.program = text("enginePath");
  values.remote = settings.value(key("remote"), false).toBool();
  values.url = text("endpointUrl");
  values.serverModel = text("endpointModel");
  values.authConfig = text("endpointAuth");
  values.resultFolder = text("resultFolder");
  return values;
}

void saveOptions(const ui::OptionsValues& values) {
  QgsSettings settings;
  settings.setValue(key("model"), values.model);
  settings.setValue(key("adapters"), values.adapters);
  settings.setValue(key("device"), values.device);
  settings.setValue(key("enginePath"), values.program);
  settings.setValue(key("remote"), values.remote);
  settings.setValue(key("endpointUrl"), values.url);
  settings.setValue(key("endpointModel"), values.serverModel);
  settings.setValue(key("endpointAuth"), values.authConfig);
  settings.setValue(key("resultFolder"), values.resultFolder);
}

QStringList loadKnownClasses() {
  return QgsSettings().value(key("knownClasses")).toStringList();
}

void saveKnownClasses(const QStringList& names) {
  QgsSettings().setValue(key("knownClasses"), names);
}

QStringList loadLastClasses() {
  return QgsSettings().value(key("lastClasses")).toStringList();
}

void saveLastClasses(const QStringList& names) {
  QgsSettings().setValue(key("lastClasses"), names);
}

bool loadDocksPlaced() {
  return QgsSettings().value(key("docksPlaced"), false).toBool();
}

void saveDocksPlaced() {
  QgsSettings().setValue(key("docksPlaced"), true);
}

}  // namespace orthoscribe::plugin
