// SPDX-License-Identifier: GPL-2.0-or-later
// Sequences of tokens as the rows of a batch: one each, or several side by side that know nothing of each other.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace orthoscribe::learn {

struct RowPlace {
  std::int64_t row = 0;
  std::int64_t begin = 0;
};

struct RowPlan {
  std::vector<RowPlace> places;  // one a sequence
  std::int64_t rows = 0;
  std::int64_t length = 0;  // of every row
};

// A row each.
RowPlan rowEach(std::span<const std::int64_t> lengths);
// First fit, the longest first: rows of at most `capacity` tokens; a longer sequence has a row to itself.
RowPlan packedRows(std::span<const std::int64_t> lengths, std::int64_t capacity);

// bool [rows, 1, length, length], true where a token may look: within its own sequence, not ahead, and, with a window, not
// further back than window - 1. What lies behind the last sequence of a row looks at itself.
torch::Tensor isolationMask(const RowPlan& plan, std::span<const std::int64_t> lengths, std::int64_t window);

}  // namespace orthoscribe::learn
