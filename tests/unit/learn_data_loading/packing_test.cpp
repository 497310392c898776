// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/loading/packing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <set>

#include "core/base/error.h"

namespace orthoscribe::learn {
namespace {

TEST(Packing, EverySampleLiesInOneRowOnce) {
  std::mt19937 random(2);
  for (int round = 0; round < 50; ++round) {
    const auto capacity = static_cast<std::int64_t>(50 + random() % 200);
    std::vector<std::int64_t> lengths(1 + random() % 60);
    for (std::int64_t& length : lengths) length = static_cast<std::int64_t>(random() % 260);
    const PackingPlan plan = packWindow(lengths, capacity);
    std::set<std::size_t> placed;
    std::int64_t tokens = 0;
    for (const PackedRow& row : plan.rows) {
      EXPECT_LE(row.length(), capacity);
      std::int64_t end = 0;
      for (const PackedPiece& piece : row.pieces) {
        EXPECT_EQ(piece.begin, end) << "pieces stand side by side";
        EXPECT_EQ(piece.length, lengths[piece.sample]);
        EXPECT_TRUE(placed.insert(piece.sample).second);
        end = piece.begin + piece.length;
      }
      tokens += row.length();
    }
    for (std::size_t i = 0; i < lengths.size(); ++i) {
      const bool tooLong = std::count(plan.tooLong.begin(), plan.tooLong.end(), i) == 1;
      EXPECT_EQ(tooLong, lengths[i] > capacity);
      EXPECT_EQ(placed.contains(i), lengths[i] > 0 && !tooLong);
    }
    // Of two rows, what came to the later one had no room in the earlier one.
    for (const PackedRow& one : plan.rows) {
      for (const PackedRow& other : plan.rows) {
        if (&one == &other) continue;
        const auto hasNoRoomIn = [&](const PackedRow& row) {
          return [&](const PackedPiece& piece) { return row.length() + piece.length > capacity; };
        };
        EXPECT_TRUE(std::all_of(one.pieces.begin(), one.pieces.end(), hasNoRoomIn(other)) ||
                    std::all_of(other.pieces.begin(), other.pieces.end(), hasNoRoomIn(one)));
      }
    }
  }
}

TEST(Packing, PiecesAreIsolated) {
  const std::vector<std::int64_t> lengths = {3, 5, 2};
  const PackingPlan plan = packWindow(lengths, 12);
  ASSERT_EQ(plan.rows.size(), 1u);
  const PackedRow& row = plan.rows.front();
  EXPECT_EQ(pieceOfTokens(row, 12), (std::vector<std::int64_t>{0, 0, 0, 1, 1, 1, 1, 1, 2, 2, -1, -1}));
}

TEST(Packing, IsTheSameEveryTimeAndRefusesNothingToPackInto) {
  const std::vector<std::int64_t> lengths = {7, 7, 3, 3, 10, 1};
  const PackingPlan one = packWindow(lengths, 10);
  const PackingPlan other = packWindow(lengths, 10);
  ASSERT_EQ(one.rows.size(), 4u) << "10; 7 + 3; 7 + 3; 1";
  for (std::size_t i = 0; i < one.rows.size(); ++i) EXPECT_EQ(pieceOfTokens(one.rows[i], 10), pieceOfTokens(other.rows[i], 10));
  EXPECT_EQ(one.length(), 10);
  EXPECT_EQ(one.rows[0].pieces[0].sample, 0u);
  EXPECT_EQ(one.rows[0].pieces[1].sample, 2u) << "equal ones in order";
  EXPECT_TRUE(packWindow({}, 10).rows.empty());
  EXPECT_THROW(packWindow(lengths, 0), Error);
}

TEST(Packing, AloneEveryRowIsAsLongAsItsSample) {
  const std::vector<std::int64_t> lengths = {3, 12, 2};
  const PackingPlan plan = rowEach(lengths);
  ASSERT_EQ(plan.rows.size(), 3u);
  EXPECT_EQ(plan.length(), 12);
  for (std::size_t row = 0; row < 3; ++row) {
    ASSERT_EQ(plan.rows[row].pieces.size(), 1u);
    EXPECT_EQ(plan.rows[row].pieces[0].sample, row);
    EXPECT_EQ(plan.rows[row].length(), lengths[row]);
  }
}

}  // namespace
}  // namespace orthoscribe::learn
