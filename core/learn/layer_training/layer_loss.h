// SPDX-License-Identifier: GPL-2.0-or-later
// What an expert for a layer is taught by: the tower's own losses of heat and box, preference of accepted over rejected boxes,
// and faithfulness to the untrained tower about the classes that the layer says nothing of.
#pragma once

#include "core/learn/layer_training/layer_batch.h"
#include "core/model/blocks/conv_tower.h"

namespace orthoscribe::learn {

struct LayerLoss {
  torch::Tensor total;  // scalar
  double heat = 0;
  double box = 0;
  double preference = 0;  // 0 where the batch has no pair
  double faith = 0;
};

// Direct preference optimisation over pairs of an accepted and a rejected box of one class (dpo.h); the log-probability of saying
// a box is that of its cell's heat, the reference the untrained tower. Undefined where the batch has no pair.
// heat, reference: logits [N, classes, h, w].
torch::Tensor boxPreference(const torch::Tensor& heat, const torch::Tensor& reference, const LayerBatch& batch);

// output: of the tower with the adapter; reference: heat of the tower without, no gradient.
LayerLoss layerLoss(const model::ConvTowerOutput& output, const torch::Tensor& reference, const LayerBatch& batch);

}  // namespace orthoscribe::learn
