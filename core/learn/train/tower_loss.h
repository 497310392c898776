// SPDX-License-Identifier: GPL-2.0-or-later
// What the vision tower is taught by: heat, boxes, scene and attributes, each only where the truth is known.
#pragma once

#include <torch/types.h>

#include "core/learn/data/tower_batch.h"
#include "core/model/blocks/conv_tower.h"

namespace orthoscribe::learn {

struct TowerLoss {
  torch::Tensor total;  // scalar
  double heat = 0;
  double box = 0;
  double scene = 0;
  double attributes = 0;
};

// Penalty-reduced focal loss of heat ("Objects as Points", equation 1), a mean over objects in which a picture with n of
// them counts as sqrt(n).
torch::Tensor heatLoss(const torch::Tensor& logits, const torch::Tensor& target, const torch::Tensor& weight);

// The same mean of the (smoothed) absolute errors of centre, sides and angle.
torch::Tensor boxLoss(const torch::Tensor& geometry, const TowerBatch& batch);

// Cross-entropy with smoothed labels, a mean over their weights. logits float32 [N, scenes]; shares as TowerBatch::scene.
torch::Tensor sceneLoss(const torch::Tensor& logits, const torch::Tensor& shares);

TowerLoss towerLoss(const model::ConvTowerOutput& output, const TowerBatch& batch);

}  // namespace orthoscribe::learn
