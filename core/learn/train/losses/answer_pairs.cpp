// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/losses/answer_pairs.h"

#include <ATen/ATen.h>

#include <vector>

namespace orthoscribe::learn {
namespace {

// [answers, longest]: values of each answer from the left, zeros behind.
torch::Tensor tableOf(const AnswerBatch& batch, const torch::Tensor& values, const torch::Tensor& columns, std::int64_t longest) {
  const torch::Tensor places = batch.answers * longest + columns;
  return at::zeros({batch.answerCount * longest}, values.options())
      .index_put({places}, values)
      .view({batch.answerCount, longest});
}

}  // namespace

torch::Tensor labelLogProbabilities(const AnswerBatch& batch) {
  return -at::cross_entropy_loss(batch.logits, batch.labels, {}, at::Reduction::None);
}

PreferencePairs pairsOf(const AnswerBatch& batch, const torch::Tensor& policy, const torch::Tensor& reference) {
  const torch::Tensor lengths = at::bincount(batch.answers, {}, batch.answerCount);
  const torch::Tensor begins = lengths.cumsum(0) - lengths;
  const torch::Tensor columns =
      at::arange(batch.answers.size(0), batch.answers.options()) - begins.index_select(0, batch.answers);
  const std::int64_t longest = batch.answerCount > 0 ? lengths.max().item<std::int64_t>() : 0;
  const torch::Tensor mask = tableOf(batch, at::ones_like(policy.detach()), columns, longest);
  const torch::Tensor ours = tableOf(batch, policy, columns, longest);
  const torch::Tensor theirs = tableOf(batch, reference.detach(), columns, longest);
  std::vector<std::int64_t> chosen, rejected;
  for (const auto& [better, worse] : batch.pairs) {
    chosen.push_back(better);
    rejected.push_back(worse);
  }
  const auto rows = [&](const std::vector<std::int64_t>& numbers) {
    const torch::Tensor which = at::tensor(numbers, at::kLong).to(policy.device());
    return JudgedAnswers{
        .policy = ours.index_select(0, which), .reference = theirs.index_select(0, which), .mask = mask.index_select(0, which)};
  };
  return {.chosen = rows(chosen), .rejected = rows(rejected)};
}

}  // namespace orthoscribe::learn
