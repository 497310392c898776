// SPDX-License-Identifier: GPL-2.0-or-later
// Which conversations share a row of a batch, and what keeps them apart there: each attends to itself alone, causally, and its
// positions begin at 0. Only index arithmetic; whoever trains makes tensors of it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace orthoscribe::learn {

struct PackedPiece {
  std::size_t sample = 0;   // index into the lengths of the window
  std::int64_t begin = 0;   // first token in the row
  std::int64_t length = 0;  // tokens
};

struct PackedRow {
  std::vector<PackedPiece> pieces;  // side by side from token 0, in the order of the window
  std::int64_t length() const { return pieces.empty() ? 0 : pieces.back().begin + pieces.back().length; }
};

struct PackingPlan {
  std::vector<PackedRow> rows;
  std::vector<std::size_t> tooLong;  // samples longer than a row: never cut, left to the caller to report
  std::int64_t length() const;       // tokens of the longest row
};

// A row for each sample, as long as it is.
PackingPlan rowEach(std::span<const std::int64_t> lengths);

// First fit, decreasing: the longest first, equal ones in order, each into the first row that has room. The rows are in the order
// of their first samples. lengths: of the samples of one window, in tokens; empty samples are left out. The same lengths give the
// same plan, so a window whose number is known is packed alike in every run; at most 11/9 of the fewest possible rows, and one.
PackingPlan packWindow(std::span<const std::int64_t> lengths, std::int64_t capacity);

// For each of `rowLength` tokens: which piece of the row it belongs to, from 0; -1 behind the last one. Token q may look at token
// k when both have the same piece, not -1, and k <= q.
std::vector<std::int64_t> pieceOfTokens(const PackedRow& row, std::int64_t rowLength);

}  // namespace orthoscribe::learn
