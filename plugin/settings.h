// SPDX-License-Identifier: GPL-2.0-or-later
// Every setting of the plugin and its key in QGIS's settings, in one place. Main thread.
#pragma once

#include <QStringList>

#include "ui/options_page.h"

namespace orthoscribe::plugin {

// orthoscribe/model, adapters, device, enginePath, remote, endpointUrl, endpointModel, endpointAuth, resultFolder
ui::OptionsValues loadOptions();
void saveOptions(const ui::OptionsValues& values);

// orthoscribe/knownClasses: what the model last in use was trained to find; suggested before an engine runs.
QStringList loadKnownClasses();
void saveKnownClasses(const QStringList& names);

// orthoscribe/lastClasses: what the user last looked for.
QStringList loadLastClasses();
void saveLastClasses(const QStringList& names);

// orthoscribe/docksPlaced: from then on the docks lie where the user left them.
bool loadDocksPlaced();
void saveDocksPlaced();

}  // namespace orthoscribe::plugin
