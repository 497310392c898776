// SPDX-License-Identifier: GPL-2.0-or-later
// Logging: to standard error, one line a message. The only global state of the program.
#pragma once

#include <string_view>

namespace orthoscribe::log {

enum class Level { Debug, Info, Warning, Error, Off };

// Initially Warning.
void setLevel(Level level);
// Thread-safe.
void debug(std::string_view message);
void info(std::string_view message);
void warning(std::string_view message);
void error(std::string_view message);

}  // namespace orthoscribe::log
