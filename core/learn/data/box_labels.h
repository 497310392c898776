// SPDX-License-Identifier: GPL-2.0-or-later
// Label files of oriented boxes in DOTA's form: `x1 y1 x2 y2 x3 y3 x4 y4 class difficult`, pixels of the image.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "core/geo/oriented_box.h"

namespace orthoscribe::learn {

struct LabelledBox {
  geo::OrientedBox box;    // smallest rectangle around the four corners
  int objectClass = 0;     // index into kObjectClasses
  bool difficult = false;  // cut by the border or hard to see: trained, not scored
};

// Objects of classes that are not trained are left out; empty lines and DOTA's two header lines ("imagesource:", "gsd:") are
// passed over. Throws Error{InvalidInput} naming `name` and the line when a line has another form.
std::vector<LabelledBox> parseBoxLabels(std::string_view text, std::string_view name);

// Throws as above, and Error{NotFound} when the file cannot be read.
std::vector<LabelledBox> readBoxLabels(const std::filesystem::path& path);

}  // namespace orthoscribe::learn
