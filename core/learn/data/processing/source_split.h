// SPDX-License-Identifier: GPL-2.0-or-later
// Divides samples into sides (train, val, test) by their source pictures: no source, and no group of look-alikes, is on two.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace orthoscribe::learn {

struct SplitSide {
  std::string name;
  double share = 0.0;  // of each class, about
};

// "train=0.8". Throws Error{InvalidInput} quoting the text.
SplitSide parseSplitSide(const std::string& text);

// What the samples of one source hold together.
struct SourceContents {
  std::vector<std::string> images;             // names of its pictures, as groups of look-alikes name them
  std::map<std::string, std::int64_t> counts;  // by class; also under "" for its samples, so that those without a class count
};

struct SourceSplit {
  std::vector<SplitSide> sides;
  std::map<std::string, std::size_t> sideOf;  // by source
};

// Sources that share a picture, or have pictures in one group of look-alikes, stay together. What stays together is given away
// as a whole, the rarest classes first, to the side that still lacks the largest part of its share of them (after iterative
// stratification, Sechidis et al. 2011); among equals a hash of names and seed decides, so the same names give the same split in
// any order and on any machine. Shares are taken in proportion to their sum. Throws Error{InvalidInput}: fewer than two sides, a
// name twice, shares that are not positive, fewer independent sources than sides.
SourceSplit splitBySource(const std::map<std::string, SourceContents>& sources,
                          std::span<const std::vector<std::string>> lookAlikes, const std::vector<SplitSide>& sides,
                          std::uint64_t seed);

}  // namespace orthoscribe::learn
