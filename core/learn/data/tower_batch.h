// SPDX-License-Identifier: GPL-2.0-or-later
// One batch for the vision tower. Batch number n of a run depends on the run's seed and on n alone, so a run that is resumed sees
// what it would have seen.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "core/learn/data/view.h"

namespace orthoscribe::learn {

struct TowerBatch {
  torch::Tensor pixels;      // uint8 [N, side, side, 3]
  torch::Tensor scene;       // float32 [N, scenes], shares that sum to the label's weight; all 0 when unknown
  torch::Tensor attributes;  // float32 [N, attributes], -1 unknown
  torch::Tensor heat;        // as in BoxTargets, stacked
  torch::Tensor heatWeight;
  torch::Tensor geometry;
  torch::Tensor geometryWeight;
  torch::Tensor angleWeight;
};

struct TowerBatchOptions {
  int batch = 16;
  int side = 256;
  int cell = 4;
  double boxShare = 0.4;  // share of the batch drawn from pictures with boxes; the rest from all
  // Weight of the scene's label in those: they come from some of the scenes only, and must not teach that these are likelier.
  double boxedSceneWeight = 0.4;
  // Chance that a rectangle of a view is cut out of another one's, with its labels (Yun et al., "CutMix", 2019).
  double mixShare = 0;
  Augmentation augmentation;
};

class TowerBatchMaker {
 public:
  // samples must outlive this.
  TowerBatchMaker(const std::vector<Sample>& samples, TowerBatchOptions options, std::uint64_t seed);
  TowerBatch make(std::int64_t number) const;

 private:
  int boxedSlots() const;
  std::size_t draw(std::int64_t number, int slot, Random& random) const;
  void mix(TowerBatch& batch, Random& random) const;

  const std::vector<Sample>* samples_;
  TowerBatchOptions options_;
  std::uint64_t seed_;
  std::vector<std::size_t> withBoxes_;
};

}  // namespace orthoscribe::learn
