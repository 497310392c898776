// SPDX-License-Identifier: GPL-2.0-or-later
// Which object classes an unlabelled picture certainly lacks. Only the classes named for a scene folder are labelled in it, so an
// empty label file proves nothing about the others: jetties, aprons and gardens hold unlabelled cars and houses.
#pragma once

#include <array>
#include <string_view>

#include "core/learn/data/sample.h"

namespace orthoscribe::learn {

using ClassSet = std::array<bool, kObjectClassCount>;

// Classes that have boxes in every label file of this scene folder.
ClassSet classesLabelledIn(std::string_view sceneFolder);

// Classes that a scene of this kind does not hold, by what the place is (no ships in a forest, no storage tanks on a tennis
// court).
ClassSet classesForeignTo(std::string_view sceneFolder);

// Classes that the picture's caption file counts or marks as zero.
ClassSet classesDeniedByCaption(const Sample& sample);

}  // namespace orthoscribe::learn
