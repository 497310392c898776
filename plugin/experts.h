// SPDX-License-Identifier: GPL-2.0-or-later
// Experts (adapters) that lie on this machine: those trained here, and those that the options name.
#pragma once

#include <QStringList>

namespace orthoscribe::plugin {

// $XDG_DATA_HOME/orthoscribe/experts, where trained ones are kept. Need not be there.
QString expertsFolder();

// Folders with an adapter, those trained here first; folders of the options that hold none, or have a name that is taken, are
// left out.
QStringList expertFolders(const QStringList& optionFolders);

// By these the engine knows them.
QStringList expertNames(const QStringList& folders);

}  // namespace orthoscribe::plugin
