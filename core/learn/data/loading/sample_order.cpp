// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/loading/sample_order.h"

#include <algorithm>
#include <bit>

#include "core/base/error.h"

namespace orthoscribe::learn {
namespace {

constexpr int kRounds = 4;

std::int64_t keptOf(const MixedSet& set) {
  return samplesOf(set.entry, set.size) / set.entry.repeats;
}

}  // namespace

std::uint64_t mixed(std::uint64_t seed, std::uint64_t number) {
  std::uint64_t value = seed + 0x9E3779B97F4A7C15ULL * (number + 1);
  value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  value = (value ^ (value >> 27U)) * 0x94D049BB133111EBULL;
  return value ^ (value >> 31U);
}

Permutation::Permutation(std::uint64_t size, std::uint64_t seed)
    : size_(size), seed_(seed), halfBits_((std::max(2, static_cast<int>(std::bit_width(size - 1))) + 1) / 2) {}

std::uint64_t Permutation::operator()(std::uint64_t place) const {
  const std::uint64_t mask = (std::uint64_t{1} << static_cast<unsigned>(halfBits_)) - 1;
  do {
    std::uint64_t left = place >> static_cast<unsigned>(halfBits_);
    std::uint64_t right = place & mask;
    for (std::uint64_t round = 0; round < kRounds; ++round) {
      const std::uint64_t next = left ^ (mixed(mixed(seed_, round), right) & mask);
      left = right;
      right = next;
    }
    place = (left << static_cast<unsigned>(halfBits_)) | right;
  } while (place >= size_);
  return place;
}

SampleOrder::SampleOrder(std::vector<MixedSet> sets, std::uint64_t seed) : sets_(std::move(sets)), begins_{0}, seed_(seed) {
  for (const MixedSet& set : sets_) begins_.push_back(begins_.back() + samplesOf(set.entry, set.size));
  if (epochSize() == 0) {
    throw Error(ErrorCode::InvalidInput, "the data mix holds no sample", "Its sets are empty, or % leaves less than one sample.");
  }
}

std::int64_t SampleOrder::sampleCount() const {
  std::int64_t count = 0;
  for (const MixedSet& set : sets_) count += keptOf(set);
  return count;
}

SampleChoice SampleOrder::at(std::int64_t number) const {
  SampleChoice choice;
  choice.epoch = number / epochSize();
  const Permutation shuffled(static_cast<std::uint64_t>(epochSize()), mixed(seed_, static_cast<std::uint64_t>(choice.epoch)));
  const auto place = static_cast<std::int64_t>(shuffled(static_cast<std::uint64_t>(number % epochSize())));
  choice.set = static_cast<std::size_t>(std::upper_bound(begins_.begin(), begins_.end(), place) - begins_.begin()) - 1;
  const MixedSet& set = sets_[choice.set];
  const std::int64_t kept = keptOf(set);
  choice.sample = (place - begins_[choice.set]) % kept;
  if (kept < set.size) {
    const Permutation drawn(static_cast<std::uint64_t>(set.size), mixed(~seed_, choice.set));
    choice.sample = static_cast<std::int64_t>(drawn(static_cast<std::uint64_t>(choice.sample)));
  }
  choice.seed = mixed(mixed(seed_, 0x5EED), static_cast<std::uint64_t>(number));
  return choice;
}

}  // namespace orthoscribe::learn
