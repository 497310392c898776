// SPDX-License-Identifier: GPL-2.0-or-later
// The bands that formulas of spectral indices name by letters, in words.
#pragma once

#include <span>
#include <string_view>

namespace orthoscribe::learn {

struct BandWords {
  std::string_view symbol;   // "S1"
  std::string_view brief;    // "swir 1"
  std::string_view inWords;  // "shortwave infrared 1"
};

// In the order of their wavelengths, the polarisations of radar last. nullptr for what is no band but a parameter.
std::span<const BandWords> allBandWords();
const BandWords* bandWordsOf(std::string_view symbol);

}  // namespace orthoscribe::learn
