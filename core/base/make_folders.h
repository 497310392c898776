// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>

namespace orthoscribe {

// Makes the folder and those above it where they are missing. Throws Error{Io} naming the folder and the system's reason.
void makeFolders(const std::filesystem::path& folder);

}  // namespace orthoscribe
