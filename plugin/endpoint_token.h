// SPDX-License-Identifier: GPL-2.0-or-later
// The bearer token that an authentication configuration of QGIS stands for.
#pragma once

#include <QString>
#include <string>

namespace orthoscribe::plugin {

// Empty for an empty id. May ask the user for the master password, so main thread only. Throws Error{InvalidInput} when the
// configuration does not exist or gives no bearer token.
std::string bearerTokenOf(const QString& authConfigId);

}  // namespace orthoscribe::plugin
