// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/losses/loss_list.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "core/base/error.h"
#include "core/learn/train/losses/answer_pairs.h"
#include "core/learn/train/losses/bco_pair.h"
#include "core/learn/train/losses/chosen_likelihood.h"
#include "core/learn/train/losses/dpo.h"
#include "core/learn/train/losses/mixtral_balance.h"
#include "core/learn/train/losses/modality_balance.h"
#include "core/learn/train/losses/mpo.h"
#include "core/learn/train/losses/router_z.h"
#include "core/learn/train/losses/running_usage.h"
#include "core/learn/train/losses/switch_balance.h"
#include "core/learn/train/losses/topk_entropy.h"
#include "core/learn/train/losses/usage_entropy.h"

namespace orthoscribe::learn {
namespace {

constexpr double kSmallestWeight = 1e-6;

torch::Tensor crossEntropy(const Loss&, const LossInput& input) {
  const torch::Tensor said = input.ranks.sum((-input.policy * input.batch.weights).sum());
  return said / input.ranks.sum(input.batch.weights.sum()).clamp_min(kSmallestWeight);
}

torch::Tensor evenChoice(const RoutedTokens& routed) {
  const auto chosen = static_cast<double>(routed.layers.front().weights.size(-1));
  const torch::Tensor negative = topKEntropyLoss(routed);
  return chosen > 1 ? 1 + negative / std::log(chosen) : negative * 0;
}

torch::Tensor evenUsage(const RoutedTokens& routed) {
  const auto experts = static_cast<double>(routed.layers.front().probs.size(-1));
  const torch::Tensor entropy = denseUsageEntropy(routed);
  return experts > 1 ? 1 - entropy / std::log(experts) : entropy * 0;
}

using RouterLoss = torch::Tensor (*)(const RoutedTokens& routed);

template <RouterLoss compute>
torch::Tensor overAll(const Loss&, const LossInput& input) {
  return compute(
      {.layers = input.batch.routings, .counted = input.batch.isImage.logical_or(input.batch.isText), .ranks = &input.ranks});
}

template <RouterLoss compute>
torch::Tensor overModalities(const Loss&, const LossInput& input) {
  return meanOverModalities(compute, input.batch.routings, input.batch.isImage, input.batch.isText, &input.ranks);
}

torch::Tensor usage(const Loss& self, const LossInput& input) {
  if (!input.gathers) return overAll<evenUsage>(self, input);
  const RoutedTokens routed{
      .layers = input.batch.routings, .counted = input.batch.isImage.logical_or(input.batch.isText), .ranks = &input.ranks};
  return runningUsageLoss(routed, input.memory.values[self.name]);
}

torch::Tensor usageOverModalities(const Loss& self, const LossInput& input) {
  if (!input.gathers) return overModalities<evenUsage>(self, input);
  // Image rows come first, as meanOverModalities has them.
  int kind = 0;
  const auto loss = [&](const RoutedTokens& routed) {
    return runningUsageLoss(routed, input.memory.values[self.name + (kind++ == 0 ? "/image" : "/text")]);
  };
  return meanOverModalities(loss, input.batch.routings, input.batch.isImage, input.batch.isText, &input.ranks);
}

torch::Tensor modalityBalance(const Loss&, const LossInput& input) {
  return modalityBalanceLoss(input.batch.routings, input.batch.isImage, input.batch.isText, &input.ranks);
}

// A process may have drawn no pair at all.
torch::Tensor meanOverPairs(const LossInput& input, const std::function<torch::Tensor(const PreferencePairs& pairs)>& loss) {
  const std::size_t count = input.batch.pairs.size();
  const torch::Tensor local = count > 0 ? loss(pairsOf(input.batch, input.policy, input.reference)) : (input.policy * 0).sum();
  return input.ranks.mean(local, static_cast<double>(count));
}

torch::Tensor dpo(const Loss&, const LossInput& input) {
  return meanOverPairs(input, [&](const PreferencePairs& pairs) { return dpoLoss(pairs, input.beta, input.labelSmoothing); });
}

// The mean of what all answers so far were paid (skynova.md section 5.1).
double movedShift(const LossInput& input, const std::string& name) {
  const auto answers = 2.0 * static_cast<double>(input.batch.pairs.size());
  const double mean =
      input.batch.pairs.empty() ? 0 : bcoShift(pairsOf(input.batch, input.policy.detach(), input.reference), input.beta);
  torch::Tensor& memory = input.memory.values[name];
  const torch::Tensor before = memory.defined() ? memory : at::zeros({2}, at::kDouble);
  memory = before + at::tensor({input.ranks.sum(mean * answers), input.ranks.sum(answers)}, at::kDouble);
  const auto count = memory[1].item<double>();
  return count > 0 ? memory[0].item<double>() / count : 0;
}

torch::Tensor bco(const Loss& self, const LossInput& input) {
  const double shift = movedShift(input, self.name);
  return meanOverPairs(input, [&](const PreferencePairs& pairs) { return bcoPairLoss(pairs, input.beta, shift); });
}

torch::Tensor likelihood(const Loss&, const LossInput& input) {
  if (input.batch.pairs.empty()) return input.ranks.mean((input.policy * 0).sum(), 0);
  const PreferencePairs pairs = pairsOf(input.batch, input.policy, input.reference.defined() ? input.reference : input.policy);
  return input.ranks.mean(chosenNegativeLogLikelihood(pairs), pairs.chosen.mask.sum().item<double>());
}

torch::Tensor mpo(const Loss& self, const LossInput& input) {
  const MpoOptions weights;
  return weights.dpoWeight * dpo(self, input) + weights.bcoWeight * bco(self, input) +
         weights.likelihoodWeight * likelihood(self, input);
}

torch::Tensor relevance(const Loss&, const LossInput& input) {
  const torch::Tensor& judged = input.batch.relevance;
  if (judged.size(0) == 0) return input.ranks.mean((input.policy * 0).sum(), 0);
  return input.ranks.mean(at::binary_cross_entropy_with_logits(judged, input.batch.concerns),
                          static_cast<double>(judged.size(0)));
}

}  // namespace

const std::vector<Loss>& lossList() {
  static const std::vector<Loss> losses = {
      {"cross_entropy", LossNeeds::Answers, crossEntropy},
      {"topk_entropy", LossNeeds::Routers, overAll<evenChoice>},
      {"usage_entropy", LossNeeds::Routers, usage},
      {"switch_balance", LossNeeds::Routers, overAll<switchBalanceLoss>},
      {"mixtral_balance", LossNeeds::Routers, overAll<mixtralBalanceLoss>},
      {"router_z", LossNeeds::Routers, overAll<routerZLoss>},
      {"modality_topk_entropy", LossNeeds::Routers, overModalities<evenChoice>},
      {"modality_usage_entropy", LossNeeds::Routers, usageOverModalities},
      {"modality_switch_balance", LossNeeds::Routers, overModalities<switchBalanceLoss>},
      {"modality_mixtral_balance", LossNeeds::Routers, overModalities<mixtralBalanceLoss>},
      {"modality_router_z", LossNeeds::Routers, overModalities<routerZLoss>},
      {"modality_balance", LossNeeds::Routers, modalityBalance},
      {"dpo", LossNeeds::Reference, dpo},
      {"bco", LossNeeds::Reference, bco},
      {"nll", LossNeeds::Pairs, likelihood},
      {"mpo", LossNeeds::Reference, mpo},
      {"relevance", LossNeeds::Relevance, relevance},
  };
  return losses;
}

const Loss& lossNamed(std::string_view name) {
  const auto& losses = lossList();
  const auto found = std::find_if(losses.begin(), losses.end(), [&](const Loss& loss) { return loss.name == name; });
  if (found != losses.end()) return *found;
  std::string known;
  for (const Loss& loss : losses) known += (known.empty() ? "" : ", ") + loss.name;
  throw Error(ErrorCode::InvalidInput, "the loss '" + std::string(name) + "' is unknown", "known are " + known);
}

}  // namespace orthoscribe::learn
