// SPDX-License-Identifier: GPL-2.0-or-later
// Where the program `orthoscribe` is.
#pragma once

#include <QString>

namespace orthoscribe::plugin {

// In this order: `configured` (the setting orthoscribe/enginePath), the environment ORTHOSCRIBE_ENGINE, bin/ of the prefix that
// this library is installed in or of the build folder it was built in, the search path. What is named by setting or environment
// must be there. Throws Error{NotFound} that says where it was looked for.
QString findEngineProgram(const QString& configured);

}  // namespace orthoscribe::plugin
