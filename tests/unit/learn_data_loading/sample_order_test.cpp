// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/loading/sample_order.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "core/base/error.h"

namespace orthoscribe::learn {
namespace {

TEST(SampleOrder, PermutationHitsEveryPlaceOnce) {
  for (const std::uint64_t size : {1ULL, 2ULL, 3ULL, 4ULL, 5ULL, 16ULL, 17ULL, 100ULL, 1000ULL, 4097ULL}) {
    const Permutation permutation(size, 7);
    std::set<std::uint64_t> seen;
    for (std::uint64_t place = 0; place < size; ++place) seen.insert(permutation(place));
    EXPECT_EQ(seen.size(), size);
    EXPECT_LT(*seen.rbegin(), size);
  }
}

TEST(SampleOrder, ShufflesEvenly) {
  // Where the first of a hundred goes, over many seeds: chi-square over ten tenths, 9 degrees of freedom, 99.9 % below 27.9.
  std::map<std::uint64_t, int> tenths;
  constexpr int kSeeds = 4000;
  for (int seed = 0; seed < kSeeds; ++seed) ++tenths[Permutation(100, static_cast<std::uint64_t>(seed))(0) / 10];
  double chiSquare = 0;
  for (std::uint64_t tenth = 0; tenth < 10; ++tenth) {
    const double difference = tenths[tenth] - kSeeds / 10.0;
    chiSquare += difference * difference / (kSeeds / 10.0);
  }
  EXPECT_LT(chiSquare, 27.9);
}

using Counts = std::map<std::pair<std::size_t, std::int64_t>, int>;

Counts countsOf(const SampleOrder& order, std::int64_t epoch) {
  Counts counts;
  for (std::int64_t i = 0; i < order.epochSize(); ++i) {
    const SampleChoice choice = order.at(epoch * order.epochSize() + i);
    EXPECT_EQ(choice.epoch, epoch);
    ++counts[{choice.set, choice.sample}];
  }
  return counts;
}

TEST(SampleOrder, MixIsWhatItsEntriesSay) {
  const SampleOrder order({{{"a", 3, 100}, 10}, {{"b", 1, 30}, 20}, {{"c", 1, 100}, 5}}, 11);
  EXPECT_EQ(order.epochSize(), 30 + 6 + 5);
  const Counts first = countsOf(order, 0);
  int drawn = 0;
  for (const auto& [choice, count] : first) {
    EXPECT_EQ(count, choice.first == 0 ? 3 : 1);
    EXPECT_LT(choice.second, choice.first == 0 ? 10 : choice.first == 1 ? 20 : 5);
    drawn += choice.first == 1 ? 1 : 0;
  }
  EXPECT_EQ(drawn, 6) << "without replacement";
  EXPECT_EQ(countsOf(order, 1), first) << "the part of a set that is kept is the same in every epoch";
}

TEST(SampleOrder, DependsOnSeedAndNumberAlone) {
  const std::vector<MixedSet> sets = {{{"a", 2, 100}, 50}};
  const SampleOrder order(sets, 1);
  const SampleOrder again(sets, 1);
  const SampleOrder other(sets, 2);
  int same = 0;
  bool epochsDiffer = false;
  std::set<std::uint64_t> seeds;
  for (std::int64_t number = 199; number >= 0; --number) {
    const SampleChoice choice = order.at(number);
    EXPECT_EQ(choice.sample, again.at(number).sample);
    EXPECT_EQ(choice.seed, again.at(number).seed);
    same += choice.sample == other.at(number).sample ? 1 : 0;
    epochsDiffer = epochsDiffer || choice.sample != order.at(number % 100).sample;
    seeds.insert(choice.seed);
  }
  EXPECT_LT(same, 30);
  EXPECT_TRUE(epochsDiffer);
  EXPECT_EQ(seeds.size(), 200u) << "repetitions draw anew";
  EXPECT_THROW(SampleOrder({{{"a", 1, 1.0}, 50}}, 1), Error);
}

}  // namespace
}  // namespace orthoscribe::learn
