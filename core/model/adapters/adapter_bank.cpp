// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/adapters/adapter_bank.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <utility>

namespace orthoscribe::model {
namespace {

// [rows, width] of a tensor with any leading dimensions, sharing its memory.
torch::Tensor flat(const torch::Tensor& tensor) {
  return tensor.view({-1, tensor.size(-1)});
}

}  // namespace

RowExperts::RowExperts(std::span<const ExpertRows> sequences, torch::Device device) {
  std::int64_t begin = 0;
  bool single = true;
  for (const ExpertRows& sequence : sequences) {
    single = single && sequence.count == 1;
    const bool continues =
        !ranges_.empty() && ranges_.back().expert == sequence.expert && ranges_.back().begin + ranges_.back().count == begin;
    if (continues)
      ranges_.back().count += sequence.count;
    else if (sequence.expert >= 0 && sequence.count > 0)
      ranges_.push_back({begin, sequence.count, sequence.expert});
    begin += sequence.count;
  }
  if (!single || ranges_.empty()) return;
  std::vector<std::int64_t> experts;
  std::vector<float> counts;
  for (const ExpertRows& sequence : sequences) {
    experts.push_back(std::max<std::int64_t>(sequence.expert, 0));
    counts.push_back(sequence.expert < 0 ? 0.0f : 1.0f);
  }
  experts_ = at::tensor(experts, at::kLong).to(device);
  counts_ = at::tensor(counts, at::kFloat).unsqueeze(1).to(device);
}

BankedUpdate::BankedUpdate(std::vector<Expert> experts, std::int64_t rowBegin)
    : experts_(std::move(experts)), rowBegin_(rowBegin), rows_(0) {
  std::int64_t rank = 0;
  bool trained = false;
  torch::Tensor like;
  for (const Expert& expert : experts_) {
    if (!expert.a.defined()) continue;
    like = expert.a;
    rows_ = expert.b.size(0);
    rank = std::max(rank, expert.a.size(0));
    trained = trained || expert.a.requires_grad() || expert.b.requires_grad();
  }
  if (trained) return;
  const auto count = static_cast<std::int64_t>(experts_.size());
  allA_ = at::zeros({count, rank, like.size(1)}, like.options());
  allB_ = at::zeros({count, rows_, rank}, like.options());
  allScale_ = at::zeros({count, 1}, like.options().dtype(at::kFloat));
  for (std::int64_t i = 0; i < count; ++i) {
    Expert& expert = experts_[static_cast<std::size_t>(i)];
    if (!expert.a.defined()) continue;
    const std::int64_t own = expert.a.size(0);
    expert.a = allA_.select(0, i).narrow(0, 0, own).copy_(expert.a);
    expert.b = allB_.select(0, i).narrow(1, 0, own).copy_(expert.b);
    allScale_.select(0, i).fill_(expert.scale);
  }
}

void BankedUpdate::addTo(torch::Tensor& output, const torch::Tensor& input, const RowExperts& rows) const {
  if (rows.oneRowEach() && allA_.defined())
    addGathered(output, input, rows);
  else
    addByRanges(output, input, rows);
}

void BankedUpdate::addByRanges(torch::Tensor& output, const torch::Tensor& input, const RowExperts& rows) const {
  const torch::Tensor given = input.reshape({-1, input.size(-1)});
  torch::Tensor changed = flat(output).narrow(1, rowBegin_, rows_);
  for (const ExpertRange& range : rows.ranges()) {
    if (range.expert >= static_cast<std::int64_t>(experts_.size())) continue;
    const Expert& expert = experts_[static_cast<std::size_t>(range.expert)];
    if (!expert.a.defined()) continue;
    const torch::Tensor seen = given.narrow(0, range.begin, range.count);
    changed.narrow(0, range.begin, range.count).add_(at::linear(at::linear(seen, expert.a) * expert.scale, expert.b));
  }
}

void BankedUpdate::addGathered(torch::Tensor& output, const torch::Tensor& input, const RowExperts& rows) const {
  const torch::Tensor& experts = rows.experts();
  const torch::Tensor known = experts < static_cast<std::int64_t>(experts_.size());
  const torch::Tensor chosen = at::where(known, experts, at::zeros_like(experts));
  const torch::Tensor scale = allScale_.index_select(0, chosen) * rows.counts() * known.unsqueeze(1).to(at::kFloat);
  const torch::Tensor given = input.reshape({-1, input.size(-1), 1});
  const torch::Tensor ranks = at::bmm(allA_.index_select(0, chosen), given);
  const torch::Tensor scaled = ranks * scale.unsqueeze(-1).to(ranks.scalar_type());
  flat(output).narrow(1, rowBegin_, rows_).add_(at::bmm(allB_.index_select(0, chosen), scaled).squeeze(-1));
}

}  // namespace orthoscribe::model
