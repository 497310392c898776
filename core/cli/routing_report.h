// SPDX-License-Identifier: GPL-2.0-or-later
// What routers did, in lines for people.
#pragma once

#include <string>
#include <vector>

#include "core/base/vision_language_model.h"

namespace orthoscribe::cli {

// One line a router, with the share of each expert in percent, and one for all of them together.
std::vector<std::string> routingLines(const RoutingStatistics& routing);

}  // namespace orthoscribe::cli
