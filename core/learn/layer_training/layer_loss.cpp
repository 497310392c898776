// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/layer_training/layer_loss.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "core/learn/train/losses/dpo.h"
#include "core/learn/train/tower_loss.h"

namespace orthoscribe::learn {
namespace {

constexpr double kPreferenceShare = 0.5;
constexpr double kPreferenceBeta = 0.5;
constexpr double kFaithShare = 1.0;

torch::Tensor logProbabilityAt(const torch::Tensor& heat, const std::vector<HeatCell>& cells) {
  std::vector<torch::Tensor> values;
  for (const HeatCell& cell : cells) values.push_back(heat[cell.picture][cell.objectClass][cell.row][cell.column]);
  return at::log_sigmoid(at::stack(values).to(at::kFloat)).unsqueeze(1);
}

JudgedAnswers judged(const torch::Tensor& heat, const torch::Tensor& reference, const std::vector<HeatCell>& cells) {
  const torch::Tensor policy = logProbabilityAt(heat, cells);
  return {policy, logProbabilityAt(reference, cells).detach(), at::ones_like(policy)};
}

// For every rejected box an accepted one of its class, of the same picture where there is one.
struct Pairs {
  std::vector<HeatCell> chosen, rejected;
};
Pairs pairsOf(const LayerBatch& batch) {
  Pairs pairs;
  for (std::size_t index = 0; index < batch.rejected.size(); ++index) {
    const HeatCell& rejected = batch.rejected[index];
    std::vector<HeatCell> sameClass, samePicture;
    for (const HeatCell& accepted : batch.accepted) {
      if (accepted.objectClass != rejected.objectClass) continue;
      (accepted.picture == rejected.picture ? samePicture : sameClass).push_back(accepted);
    }
    const std::vector<HeatCell>& from = samePicture.empty() ? sameClass : samePicture;
    if (from.empty()) continue;
    pairs.chosen.push_back(from[index % from.size()]);
    pairs.rejected.push_back(rejected);
  }
  return pairs;
}

// Mean over pictures of the squared change of probability, summed over the cells of classes that nobody labelled.
torch::Tensor faithLoss(const torch::Tensor& heat, const torch::Tensor& reference, const torch::Tensor& weight) {
  const torch::Tensor unlabelled = weight.amax({2, 3}, true).eq(0).to(at::kFloat);
  const torch::Tensor change = heat.to(at::kFloat).sigmoid() - reference.to(at::kFloat).sigmoid();
  return (change.square() * unlabelled).sum() / static_cast<double>(heat.size(0));
}

}  // namespace

torch::Tensor boxPreference(const torch::Tensor& heat, const torch::Tensor& reference, const LayerBatch& batch) {
  const Pairs pairs = pairsOf(batch);
  if (pairs.chosen.empty()) return {};
  return dpoLoss({judged(heat, reference, pairs.chosen), judged(heat, reference, pairs.rejected)}, kPreferenceBeta);
}

LayerLoss layerLoss(const model::ConvTowerOutput& output, const torch::Tensor& reference, const LayerBatch& batch) {
  const torch::Tensor heat = heatLoss(output.heat, batch.tower.heat, batch.tower.heatWeight);
  const torch::Tensor box = boxLoss(output.geometry, batch.tower);
  const torch::Tensor faith = faithLoss(output.heat, reference, batch.tower.heatWeight);
  const torch::Tensor preference = boxPreference(output.heat, reference, batch);
  LayerLoss loss;
  loss.total = heat + box + faith * kFaithShare;
  if (preference.defined()) loss.total = loss.total + preference * kPreferenceShare;
  loss.heat = heat.item<double>();
  loss.box = box.item<double>();
  loss.faith = faith.item<double>();
  loss.preference = preference.defined() ? preference.item<double>() : 0;
  return loss;
}

}  // namespace orthoscribe::learn
