// SPDX-License-Identifier: GPL-2.0-or-later
// The starter's vision tower: a small residual network of convolutions with a pyramid, and heads that name the scene, tell
// attributes and localise objects. What the heads say becomes part of the image tokens (core/model/blocks/object_tokens.h).
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "core/model/adapters/adapter.h"
#include "core/model/weights/weight_source.h"

namespace orthoscribe::model {

struct ConvTowerConfig {
  std::int64_t stem = 24;    // channels at stride 2
  std::int64_t stage4 = 48;  // at stride 4
  std::int64_t stage8 = 96;
  std::int64_t stage16 = 160;
  std::int64_t stage32 = 256;
  std::int64_t pyramid = 96;
  std::int64_t head = 64;
  std::int64_t objectClasses = 9;
  std::int64_t scenes = 21;
  std::int64_t attributes = 15;
};

// All in the dtype of the input but the logits of scene and attributes, which are float32. N pictures of H x W.
struct ConvTowerOutput {
  torch::Tensor context;     // [N, stage32, H/32, W/32]
  torch::Tensor detail;      // [N, pyramid, H/8, W/8]
  torch::Tensor heat;        // [N, objectClasses, H/4, W/4], logits
  torch::Tensor geometry;    // [N, 6, H/4, W/4], as core/learn/data/box_targets.h says
  torch::Tensor scenes;      // [N, scenes], logits
  torch::Tensor attributes;  // [N, attributes], logits
};

// Convolution without bias and batch normalisation (Ioffe and Szegedy 2015), whose running statistics are used outside training.
class NormalisedConv {
 public:
  // adapters: of the convolution's weight.
  NormalisedConv(const Scope& scope, std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride,
                 Adapters adapters = {});
  torch::Tensor forward(const torch::Tensor& input, bool training) const;

 private:
  torch::Tensor weight_, scale_, shift_, mean_, variance_;
  std::int64_t stride_;
};

// Two 3 x 3 convolutions beside a straight path (He et al. 2015).
class ResidualBlock {
 public:
  ResidualBlock(const Scope& scope, std::int64_t channels, Adapters adapters);
  torch::Tensor forward(const torch::Tensor& input, bool training) const;

 private:
  NormalisedConv first_, second_;
};

class ConvTower {
 public:
  // adapters: of any convolution, by its name with the scope's prefix ("tower.heads.heat"). Their sums with the weights are
  // formed here, so in training a tower is built for every step.
  ConvTower(const Scope& scope, const ConvTowerConfig& config, Adapters adapters = {});

  // pixels [N, 3, H, W] normalised, H and W multiples of 32. training: normalise by the batch and move the running statistics.
  ConvTowerOutput forward(const torch::Tensor& pixels, bool training) const;

 private:
  NormalisedConv stem_, enter4_, enter8_, enter16_, enter32_;
  std::vector<ResidualBlock> blocks4_, blocks8_, blocks16_, blocks32_;
  NormalisedConv lateral4_, lateral8_, lateral16_, lateral32_, down4_, smooth8_, smooth4_;
  torch::Tensor heatWeight_, heatBias_, geometryWeight_, geometryBias_;
  torch::Tensor sceneWeight_, sceneBias_, attributeWeight_, attributeBias_;
};

}  // namespace orthoscribe::model
