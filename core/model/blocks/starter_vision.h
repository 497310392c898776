// SPDX-License-Identifier: GPL-2.0-or-later
// The starter's eyes: tower, list of objects, and the projector that turns both into image tokens: one for the whole picture, one
// for each cell of a coarse grid, one for each object of the list. The decoder answers from these; the list is no shortcut around
// it.
#pragma once

#include <torch/types.h>

#include <vector>

#include "core/model/blocks/conv_tower.h"
#include "core/model/blocks/object_list.h"
#include "core/model/weights/weight_source.h"

namespace orthoscribe::model {

struct StarterVisionConfig {
  ConvTowerConfig tower;
  ProposalOptions proposals;
  std::int64_t sidePx = 256;
  std::int64_t width = 192;  // of the decoder

  std::int64_t gridCells() const { return (sidePx / 32) * (sidePx / 32); }
  std::int64_t imageTokens() const { return 1 + gridCells() + proposals.limit; }
};

// What the tower has seen; not differentiated.
struct StarterView {
  torch::Tensor grid;        // float32 [N, gridCells, stage32], rows first
  torch::Tensor scenes;      // float32 [N, scenes], probabilities
  torch::Tensor attributes;  // float32 [N, attributes], probabilities
  std::vector<std::vector<ProposedObject>> objects;
};

class StarterVision {
 public:
  // adapters: as ConvTower's.
  StarterVision(const Scope& scope, const StarterVisionConfig& config, Adapters adapters = {});

  const StarterVisionConfig& config() const { return config_; }
  const ConvTower& tower() const { return tower_; }

  // pixels [N, 3, side, side], normalised; computed in their dtype.
  StarterView look(const torch::Tensor& pixels) const;

  // The lists of objects as describeObjects gives them, float32 [N, objects, features].
  torch::Tensor describe(const StarterView& view) const;

  // -> [N, imageTokens, width] in `dtype`.
  torch::Tensor project(const StarterView& view, at::ScalarType dtype) const;

 private:
  struct Dense {
    Dense(const Scope& scope, std::int64_t in, std::int64_t out);
    torch::Tensor forward(const torch::Tensor& input) const;
    torch::Tensor weight, bias;
  };

  StarterVisionConfig config_;
  ConvTower tower_;
  Dense picture1_, picture2_, grid1_, grid2_, object1_, object2_;
};

}  // namespace orthoscribe::model
