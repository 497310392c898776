// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/tower_loss.h"

#include <ATen/ATen.h>

namespace orthoscribe::learn {
namespace {

constexpr double kBoxShare = 1.0;
constexpr double kSceneShare = 2.0;
constexpr double kAttributeShare = 0.5;
constexpr double kLabelSmoothing = 0.1;
constexpr double kCentreShare = 0.5;  // a cell of offset against a factor e of size
constexpr double kSideShare = 2.0;
constexpr double kAngleShare = 1.0;

// Mean over objects, but a picture with n of them counts as sqrt(n): a car park must not drown a single aeroplane.
torch::Tensor byCrowd(const torch::Tensor& sums, const torch::Tensor& objects) {
  const torch::Tensor roots = objects.clamp_min(1).sqrt();
  return (sums / roots).sum() / (objects / roots).sum().clamp_min(1);
}

}  // namespace

torch::Tensor heatLoss(const torch::Tensor& logits, const torch::Tensor& target, const torch::Tensor& weight) {
  const torch::Tensor values = logits.to(at::kFloat);
  const torch::Tensor logYes = at::log_sigmoid(values);
  const torch::Tensor logNo = at::log_sigmoid(-values);
  const torch::Tensor yes = logYes.detach().exp();
  const torch::Tensor positive = target.eq(1).to(at::kFloat);
  const torch::Tensor far = (1 - target).pow(4) * (1 - positive);
  const torch::Tensor likelihood = (1 - yes).square() * logYes * positive + yes.square() * logNo * far;
  return byCrowd(-(likelihood * weight).sum({1, 2, 3}), (positive * weight).sum({1, 2, 3}));
}

torch::Tensor boxLoss(const torch::Tensor& geometry, const TowerBatch& batch) {
  const torch::Tensor error = at::smooth_l1_loss(geometry.to(at::kFloat), batch.geometry, at::Reduction::None, 0.05);
  const torch::Tensor centre = error.narrow(1, 0, 2).sum(1, true) * kCentreShare;
  const torch::Tensor sides = error.narrow(1, 2, 2).sum(1, true) * kSideShare;
  const torch::Tensor angle = error.narrow(1, 4, 2).sum(1, true) * kAngleShare;
  const torch::Tensor sums =
      ((centre + sides) * batch.geometryWeight).sum({1, 2, 3}) + (angle * batch.angleWeight).sum({1, 2, 3});
  return byCrowd(sums, batch.geometryWeight.sum({1, 2, 3}));
}

torch::Tensor sceneLoss(const torch::Tensor& logits, const torch::Tensor& shares) {
  const torch::Tensor weight = shares.sum(1, true);
  const torch::Tensor smooth = shares * (1 - kLabelSmoothing) + weight * (kLabelSmoothing / static_cast<double>(logits.size(1)));
  return -(smooth * logits.log_softmax(1)).sum() / weight.sum().clamp_min(1);
}

TowerLoss towerLoss(const model::ConvTowerOutput& output, const TowerBatch& batch) {
  const torch::Tensor heat = heatLoss(output.heat, batch.heat, batch.heatWeight);
  const torch::Tensor box = boxLoss(output.geometry, batch);
  const torch::Tensor scene = sceneLoss(output.scenes, batch.scene);
  const torch::Tensor known = batch.attributes.ge(0).to(at::kFloat);
  const torch::Tensor attributeErrors =
      at::binary_cross_entropy_with_logits(output.attributes, batch.attributes.clamp_min(0), {}, {}, at::Reduction::None) * known;
  const torch::Tensor attributes = attributeErrors.sum() / known.sum().clamp_min(1);
  TowerLoss loss;
  loss.total = heat + box * kBoxShare + scene * kSceneShare + attributes * kAttributeShare;
  loss.heat = heat.item<double>();
  loss.box = box.item<double>();
  loss.scene = scene.item<double>();
  loss.attributes = attributes.item<double>();
  return loss;
}

}  // namespace orthoscribe::learn
