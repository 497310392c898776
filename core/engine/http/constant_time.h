// SPDX-License-Identifier: GPL-2.0-or-later
// Comparing secrets.
#pragma once

#include <string_view>

namespace orthoscribe::engine::http {

// Takes as long for any text of the length of `given`, so that the time tells nothing of what is expected.
bool equalInConstantTime(std::string_view given, std::string_view expected);

}  // namespace orthoscribe::engine::http
