// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/loading/packing.h"

#include <algorithm>
#include <numeric>

#include "core/base/error.h"

namespace orthoscribe::learn {
namespace {

std::vector<std::size_t> longestFirst(std::span<const std::int64_t> lengths) {
  std::vector<std::size_t> order(lengths.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return lengths[a] > lengths[b]; });
  return order;
}

PackedRow rowOf(std::vector<std::size_t> samples, std::span<const std::int64_t> lengths) {
  std::sort(samples.begin(), samples.end());
  PackedRow row;
  for (const std::size_t sample : samples) row.pieces.push_back({sample, row.length(), lengths[sample]});
  return row;
}

}  // namespace

std::int64_t PackingPlan::length() const {
  std::int64_t longest = 0;
  for (const PackedRow& row : rows) longest = std::max(longest, row.length());
  return longest;
}

PackingPlan rowEach(std::span<const std::int64_t> lengths) {
  PackingPlan plan;
  for (std::size_t sample = 0; sample < lengths.size(); ++sample) plan.rows.push_back(rowOf({sample}, lengths));
  return plan;
}

PackingPlan packWindow(std::span<const std::int64_t> lengths, std::int64_t capacity) {
  if (capacity < 1) {
    throw Error(ErrorCode::InvalidInput, "a packed row of " + std::to_string(capacity) + " tokens", "Give at least one token.");
  }
  PackingPlan plan;
  std::vector<std::vector<std::size_t>> rows;
  std::vector<std::int64_t> room;
  for (const std::size_t sample : longestFirst(lengths)) {
    const std::int64_t length = lengths[sample];
    if (length <= 0) continue;
    if (length > capacity) {
      plan.tooLong.push_back(sample);
      continue;
    }
    const auto found = std::find_if(room.begin(), room.end(), [&](std::int64_t left) { return left >= length; });
    const auto row = static_cast<std::size_t>(found - room.begin());
    if (found == room.end()) {
      rows.emplace_back();
      room.push_back(capacity);
    }
    rows[row].push_back(sample);
    room[row] -= length;
  }
  for (std::vector<std::size_t>& samples : rows) plan.rows.push_back(rowOf(std::move(samples), lengths));
  std::sort(plan.rows.begin(), plan.rows.end(),
            [](const PackedRow& a, const PackedRow& b) { return a.pieces.front().sample < b.pieces.front().sample; });
  std::sort(plan.tooLong.begin(), plan.tooLong.end());
  return plan;
}

std::vector<std::int64_t> pieceOfTokens(const PackedRow& row, std::int64_t rowLength) {
  std::vector<std::int64_t> pieces(static_cast<std::size_t>(rowLength), -1);
  for (std::size_t piece = 0; piece < row.pieces.size(); ++piece) {
    std::fill_n(pieces.begin() + row.pieces[piece].begin, row.pieces[piece].length, static_cast<std::int64_t>(piece));
  }
  return pieces;
}

}  // namespace orthoscribe::learn
