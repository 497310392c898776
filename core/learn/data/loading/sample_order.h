// SPDX-License-Identifier: GPL-2.0-or-later
// The order in which a mix of data sets is gone through: a function of the seed and a counter alone, so that a resumed run sees
// what an unbroken one would have seen, and nothing is kept but the counter.
#pragma once

#include <cstdint>
#include <vector>

#include "core/learn/data/loading/data_mix.h"

namespace orthoscribe::learn {

// A permutation of 0..size-1 that is computed place by place, in constant memory: a Feistel network of four rounds over the
// smallest even number of bits that holds size, walked until it falls inside (Black and Rogaway 2002, cycle walking).
class Permutation {
 public:
  // size: at least 1.
  Permutation(std::uint64_t size, std::uint64_t seed);
  std::uint64_t operator()(std::uint64_t place) const;  // place < size

 private:
  std::uint64_t size_;
  std::uint64_t seed_;
  int halfBits_;
};

// Of two numbers one that looks drawn at random (splitmix64's finaliser, Steele et al. 2014).
std::uint64_t mixed(std::uint64_t seed, std::uint64_t number);

struct MixedSet {
  MixEntry entry;
  std::int64_t size = 0;  // samples that the set holds
};

struct SampleChoice {
  std::size_t set = 0;      // index of the mixed set
  std::int64_t sample = 0;  // index in it
  std::int64_t epoch = 0;
  std::uint64_t seed = 0;  // for whatever is drawn for this sample; another one in each epoch and each repetition
};

class SampleOrder {
 public:
  // Throws Error{InvalidInput} when the mix gives no sample at all.
  SampleOrder(std::vector<MixedSet> sets, std::uint64_t seed);

  std::int64_t epochSize() const { return begins_.back(); }
  // How many different samples an epoch holds.
  std::int64_t sampleCount() const;
  // number: counts on through the epochs, from 0. The part that "%P" keeps of a set is the same in every epoch.
  SampleChoice at(std::int64_t number) const;

 private:
  std::vector<MixedSet> sets_;
  std::vector<std::int64_t> begins_;  // where each set's samples begin within an epoch that is not shuffled; and the end
  std::uint64_t seed_;
};

}  // namespace orthoscribe::learn
