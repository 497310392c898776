// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/adapters/adapter_bank.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "tests/unit/model/random_weights.h"

namespace orthoscribe::model {
namespace {

constexpr std::int64_t kInputs = 12;
constexpr std::int64_t kOutputs = 20;
constexpr std::int64_t kRows = 7;  // that the bank changes
constexpr std::int64_t kBegin = 5;

BankedUpdate::Expert made(std::int64_t rank, double scale, std::uint64_t seed, bool trained = false) {
  return {.a = seededRandom({rank, kInputs}, seed).requires_grad_(trained),
          .b = seededRandom({kRows, rank}, seed + 1).requires_grad_(trained),
          .scale = scale};
}

// Ranks 2, 4 and 8, and an expert that has nothing at this linear.
std::vector<BankedUpdate::Expert> experts() {
  return {made(2, 1.5, 1), made(4, 0.5, 3), {}, made(8, 2.0, 5)};
}

at::Tensor expectedRow(const at::Tensor& output, const at::Tensor& input, const BankedUpdate::Expert& expert) {
  at::Tensor row = output.clone();
  if (expert.a.defined()) row.narrow(0, kBegin, kRows).add_(at::matmul(expert.b, at::matmul(expert.a, input)) * expert.scale);
  return row;
}

double largest(const at::Tensor& difference) {
  return difference.abs().max().item<double>();
}

TEST(RowExperts, JoinsNeighboursAndLeavesTheBaseOut) {
  const std::vector<ExpertRows> sequences = {{3, 1}, {2, 1}, {4, -1}, {1, 0}, {2, 1}};
  const RowExperts rows(sequences, at::kCPU);
  EXPECT_FALSE(rows.oneRowEach());
  ASSERT_EQ(rows.ranges().size(), 3u);
  EXPECT_EQ(rows.ranges()[0].begin, 0);
  EXPECT_EQ(rows.ranges()[0].count, 5);
  EXPECT_EQ(rows.ranges()[1].begin, 9);
  EXPECT_EQ(rows.ranges()[1].expert, 0);
  EXPECT_EQ(rows.ranges()[2].begin, 10);
  EXPECT_EQ(rows.ranges()[2].count, 2);
}

TEST(BankedUpdate, BothWaysGiveWhatEveryRowsOwnExpertGives) {
  const std::vector<std::int64_t> chosen = {3, 0, -1, 1, 0, 2, 3, 1, -1};
  std::vector<ExpertRows> sequences;
  for (const std::int64_t expert : chosen) sequences.push_back({1, expert});
  const RowExperts rows(sequences, at::kCPU);
  ASSERT_TRUE(rows.oneRowEach());
  const auto count = static_cast<std::int64_t>(chosen.size());
  const at::Tensor input = seededRandom({1, count, kInputs}, 20);
  const at::Tensor output = seededRandom({1, count, kOutputs}, 21);
  const BankedUpdate update(experts(), kBegin);

  at::Tensor byRanges = output.clone();
  at::Tensor gathered = output.clone();
  update.addByRanges(byRanges, input, rows);
  update.addGathered(gathered, input, rows);
  EXPECT_LT(largest(byRanges - gathered), 1e-5);
  const auto all = experts();
  for (std::int64_t row = 0; row < count; ++row) {
    const std::int64_t expert = chosen[static_cast<std::size_t>(row)];
    const at::Tensor expected =
        expert < 0 ? output[0][row] : expectedRow(output[0][row], input[0][row], all[static_cast<std::size_t>(expert)]);
    EXPECT_LT(largest(byRanges[0][row] - expected), 1e-5) << "row " << row << ", expert " << expert;
    if (expert < 0) {
      EXPECT_TRUE(at::equal(gathered[0][row], output[0][row])) << "the base's row " << row << " was changed";
    }
  }
}

TEST(BankedUpdate, KnowsExpertsThatOtherLinearsHaveOnly) {
  const std::vector<ExpertRows> sequences = {{1, 7}, {1, 0}};
  const RowExperts rows(sequences, at::kCPU);
  const BankedUpdate update(experts(), kBegin);
  const at::Tensor input = seededRandom({2, kInputs}, 30);
  for (const bool gathered : {false, true}) {
    at::Tensor output = at::zeros({2, kOutputs});
    if (gathered)
      update.addGathered(output, input, rows);
    else
      update.addByRanges(output, input, rows);
    EXPECT_EQ(largest(output[0]), 0.0);
    EXPECT_GT(largest(output[1]), 0.0);
  }
}

TEST(BankedUpdate, TrainsOnlyExpertsWithRows) {
  std::vector<BankedUpdate::Expert> trained = {made(2, 1.0, 40, true), made(4, 1.0, 42, true)};
  const BankedUpdate update(trained, kBegin);
  const std::vector<ExpertRows> sequences = {{1, 1}, {1, 1}};
  at::Tensor output = at::zeros({2, kOutputs});
  update.addTo(output, seededRandom({2, kInputs}, 44), RowExperts(sequences, at::kCPU));
  output.sum().backward();
  EXPECT_FALSE(trained[0].a.grad().defined());
  ASSERT_TRUE(trained[1].a.grad().defined());
  EXPECT_GT(largest(trained[1].b.grad()), 0.0);
}

}  // namespace
}  // namespace orthoscribe::model
