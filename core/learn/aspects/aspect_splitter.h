// SPDX-License-Identifier: GPL-2.0-or-later
// Which sentences of a caption speak of which aspect: how experts for aspects get their targets from captions that nobody wrote
// by aspects (rsmoe_and_metrics.md section 5.8).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace orthoscribe::learn {

// Sentences of the caption for each aspect, joined by blanks; empty: the caption says nothing of it.
struct AspectTexts {
  std::string theme;
  std::string objects;
  std::string relations;
};

// A sentence with a word of place speaks of relations; one with a count, a colour, "there is" or "can be seen" of objects; the
// first one, and one that names the image or the scene, of the theme. A sentence may speak of several; of none, then of objects.
AspectTexts splitByAspects(std::string_view caption);

// At most `count` nouns of remote sensing that the text has most often, as it spells them first; ships and ship are one. Equal
// ones in the order of the text.
std::vector<std::string> frequentNouns(std::string_view text, std::size_t count);

}  // namespace orthoscribe::learn
