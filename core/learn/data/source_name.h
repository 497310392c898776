// SPDX-License-Identifier: GPL-2.0-or-later
// Which picture a tile was cut from.
#pragma once

#include <filesystem>
#include <string>

namespace orthoscribe::learn {

// The picture's name relative to `root`, with '/'; of tiles as DOTA's tools name them ("P0001__1.0__824___0.png",
// "P0001__1024__0___824.png") the name before the first "__": all tiles of a picture have one source.
std::string sourceName(const std::filesystem::path& picture, const std::filesystem::path& root);

}  // namespace orthoscribe::learn
