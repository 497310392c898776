// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/stage_losses.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/error.h"
#include "core/learn/train/losses/answer_pairs.h"
#include "core/learn/train/reference_policy.h"

namespace orthoscribe::learn {
namespace {

void addTo(CurveRow& sums, const std::string& name, double value) {
  const auto found = std::find_if(sums.begin(), sums.end(), [&](const auto& one) { return one.first == name; });
  if (found == sums.end())
    sums.emplace_back(name, value);
  else
    found->second += value;
}

// The first answer that a value of the batch which is no number belongs to.
std::string sampleAt(const AnswerBatch& batch, const torch::Tensor& values) {
  const torch::Tensor wrong = values.detach().isfinite().logical_not().nonzero();
  if (wrong.size(0) == 0) return "";
  const auto answer = batch.answers[wrong[0].item<std::int64_t>()].item<std::int64_t>();
  if (static_cast<std::size_t>(answer) >= batch.names.size()) return " at answer " + std::to_string(answer + 1);
  return " at the sample " + batch.names[static_cast<std::size_t>(answer)];
}

}  // namespace

StageLosses::StageLosses(const ParameterStore& store, const StageConfig& config, const RankGroup& ranks)
    : store_(store), config_(config), ranks_(ranks) {
  for (const LossTerm& term : config.losses) terms_.push_back({&term, &lossNamed(term.name)});
}

bool StageLosses::needReference() const {
  return std::any_of(terms_.begin(), terms_.end(), [](const Term& term) { return term.loss->needs == LossNeeds::Reference; });
}

torch::Tensor StageLosses::referenceOf(LessonStream& stream) const {
  if (!needReference()) return {};
  // Before the policy's own answer, since weights that change spoil the graph of what was computed with them.
  const UnderReference under(store_, reference_);
  return labelLogProbabilities(stream.answer());
}

void StageLosses::backward(LessonStream& stream, double done, double share) {
  const torch::Tensor reference = referenceOf(stream);
  const AnswerBatch batch = stream.answer();
  const LossInput input{.batch = batch,
                        .policy = labelLogProbabilities(batch),
                        .reference = reference,
                        .beta = config_.beta,
                        .labelSmoothing = config_.labelSmoothing,
                        .gathers = config_.accumulate > 1,
                        .ranks = ranks_,
                        .memory = memory_};
  torch::Tensor total;
  CurveRow values;
  for (const Term& term : terms_) {
    const bool lacks = (term.loss->needs == LossNeeds::Routers && batch.routings.empty());
    if (lacks)
      throw Error(ErrorCode::InvalidInput, "the loss '" + term.term->name + "' needs routers, the model has none",
                  "leave it out, or train a mole adapter");
    if (term.loss->needs == LossNeeds::Relevance && !batch.relevance.defined())
      throw Error(ErrorCode::InvalidInput, "the loss '" + term.term->name + "' needs a relevance head, the model has none",
                  "leave it out, or train an adapter of the kind aspects");
    const torch::Tensor loss = term.loss->compute(*term.loss, input);
    const auto value = loss.item<double>();
    check(batch, input.policy, term, value);
    const torch::Tensor weighted = loss * term.term->weightAt(done);
    total = total.defined() ? total + weighted : weighted;
    values.emplace_back(term.term->name, value);
  }
  lastTotal_ = total.item<double>();
  if (total.requires_grad()) (total * share).backward();
  addTo(sums_, "loss", lastTotal_);
  for (const auto& [name, value] : values) addTo(sums_, name, value);
  tellPairs(input);
  usage_.add(batch, ranks_);
  tokens_ += static_cast<double>(batch.labels.size(0));
  ++batches_;
}

void StageLosses::tellPairs(const LossInput& input) {
  if (!input.reference.defined()) return;
  Figures sums = {{"reward_chosen", 0}, {"reward_rejected", 0}, {"reward_accuracy", 0}};
  const auto count = static_cast<double>(input.batch.pairs.size());
  if (count > 0) {
    const PreferenceRewards rewards = rewardsOf(pairsOf(input.batch, input.policy.detach(), input.reference), config_.beta);
    sums = {{"reward_chosen", rewards.chosen.sum().item<double>()},
            {"reward_rejected", rewards.rejected.sum().item<double>()},
            {"reward_accuracy", rewards.accuracy * count}};
  }
  const double all = std::max(1.0, ranks_.sum(count));
  for (const auto& [name, value] : sums) addTo(sums_, name, ranks_.sum(value) / all);
}

void StageLosses::check(const AnswerBatch& batch, const torch::Tensor& policy, const Term& term, double value) const {
  if (std::isfinite(value)) return;
  throw Error(ErrorCode::InvalidInput, "the loss '" + term.term->name + "' is not a number" + sampleAt(batch, policy),
              "look at that sample, or lower the learning rate");
}

void StageLosses::addUpGradients() const {
  if (ranks_.size() == 1) return;
  std::vector<torch::Tensor> gradients;
  std::vector<double> there;
  for (const Parameter& parameter : store_.parameters()) {
    if (parameter.trained) there.push_back(parameter.value.grad().defined() ? 1 : 0);
  }
  // A weight that no process used has no gradient, as when one process is alone.
  const torch::Tensor used = at::tensor(there, at::kDouble);
  ranks_.addUp({used});
  std::int64_t index = 0;
  for (const Parameter& parameter : store_.parameters()) {
    if (!parameter.trained || used[index++].item<double>() == 0) continue;
    torch::Tensor value = parameter.value;
    if (!value.grad().defined()) value.mutable_grad() = at::zeros_like(value);
    gradients.push_back(value.grad());
  }
  ranks_.addUp(gradients);
}

double StageLosses::checkedNorm(double norm) const {
  if (std::isfinite(norm)) return norm;
  throw Error(ErrorCode::InvalidInput, "the gradient is not a number, though the losses are", "lower the learning rate");
}

CurveRow StageLosses::takeFigures() {
  CurveRow row = std::exchange(sums_, {});
  for (auto& [name, value] : row) value /= static_cast<double>(std::max<std::int64_t>(1, batches_));
  for (const auto& figure : usage_.take()) row.push_back(figure);
  batches_ = 0;
  return row;
}

double StageLosses::takeTokens() {
  return ranks_.sum(std::exchange(tokens_, 0));
}

}  // namespace orthoscribe::learn
