// SPDX-License-Identifier: GPL-2.0-or-later
// Several plain LoRA adapters side by side on one base, of which every row of a pass goes through the one that its sequence names
// (rsmoe_and_metrics.md section 5.5). The base's weights are read once for all rows.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <span>
#include <vector>

namespace orthoscribe::model {

// Rows [begin, begin + count) of a pass that go through one expert.
struct ExpertRange {
  std::int64_t begin = 0;
  std::int64_t count = 0;
  std::int64_t expert = 0;
};

// The rows of one sequence in a pass and its expert; -1: the base alone.
struct ExpertRows {
  std::int64_t count = 0;
  std::int64_t expert = -1;
};

// Which expert each row of a pass goes through, sequence after sequence.
class RowExperts {
 public:
  // device: where the rows are.
  RowExperts(std::span<const ExpertRows> sequences, torch::Device device);

  // Neighbours of one expert in one range; rows of the base are in none.
  const std::vector<ExpertRange>& ranges() const { return ranges_; }
  // One row for each sequence: then gathering the experts row by row is worth more than going through ranges.
  bool oneRowEach() const { return experts_.defined(); }
  // Only with one row each: int64 [rows], 0 for the base, and float32 [rows, 1], 0 for the base and 1 else.
  const torch::Tensor& experts() const { return experts_; }
  const torch::Tensor& counts() const { return counts_; }

 private:
  std::vector<ExpertRange> ranges_;
  torch::Tensor experts_, counts_;
};

// What the experts of a bank add to one linear, or to one of the linears fused in it.
class BankedUpdate {
 public:
  // One expert's share, y += scale B A x; without tensors: it adds nothing here. Ranks may differ.
  struct Expert {
    torch::Tensor a;  // [rank, inputs]
    torch::Tensor b;  // [rows, rank]
    double scale = 1.0;
  };

  // experts: by their numbers; one of them at least has tensors. They add to the outputs rowBegin .. rowBegin + rows - 1.
  BankedUpdate(std::vector<Expert> experts, std::int64_t rowBegin);

  // input [.., inputs], output [.., outputs] of the linear, changed in place. All leading dimensions together are the rows.
  // Differentiable by ranges; experts without a row get no gradient. Experts that are not here add nothing.
  void addTo(torch::Tensor& output, const torch::Tensor& input, const RowExperts& rows) const;

  // The two ways of doing it, equal up to rounding. Gathering needs rows.oneRowEach() and experts that are not trained.
  void addByRanges(torch::Tensor& output, const torch::Tensor& input, const RowExperts& rows) const;
  void addGathered(torch::Tensor& output, const torch::Tensor& input, const RowExperts& rows) const;

 private:
  std::vector<Expert> experts_;           // their tensors are parts of the joined ones where these are kept
  torch::Tensor allA_, allB_, allScale_;  // [E, largest rank, inputs], [E, rows, largest rank], [E, 1]; not kept in training
  std::int64_t rowBegin_;
  std::int64_t rows_;
};

}  // namespace orthoscribe::model
