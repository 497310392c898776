// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/blocks/vision_transformer.h"

#include <ATen/ATen.h>

#include <string>

#include "core/base/error.h"

namespace orthoscribe::model {
namespace {

LinearShape plain(std::int64_t inputs, std::int64_t outputs, bool bias = true) {
  return {.inputs = inputs, .outputs = outputs, .bias = bias, .parts = {}};
}

}  // namespace

VisionLayer::Norm VisionLayer::makeNorm(const Scope& scope, const VisionTransformerConfig& config) {
  if (config.rmsNorm) return RmsNorm(scope, config.hidden, config.normEpsilon);
  return LayerNorm(scope, config.hidden, config.normEpsilon);
}

torch::Tensor VisionLayer::normalise(const Norm& norm, const torch::Tensor& input) {
  return std::visit([&input](const auto& chosen) { return chosen.forward(input); }, norm);
}

VisionLayer::VisionLayer(const Scope& scope, const VisionTransformerConfig& config, Adapters adapters)
    : heads_(config.heads),
      norm1_(makeNorm(scope.sub("norm1"), config)),
      norm2_(makeNorm(scope.sub("norm2"), config)),
      qkv_(scope.sub("attn.qkv"), plain(config.hidden, 3 * config.hidden, config.qkvBias), adapters),
      projection_(scope.sub("attn.proj"), plain(config.hidden, config.hidden), adapters),
      expand_(scope.sub("mlp.fc1"), plain(config.hidden, config.intermediate), adapters),
      reduce_(scope.sub("mlp.fc2"), plain(config.intermediate, config.hidden), adapters),
      scale1_(scope.take("ls1", {config.hidden}, FreshValue::Ones)),
      scale2_(scope.take("ls2", {config.hidden}, FreshValue::Ones)) {
  if (!config.qkNorm) return;
  queryNorm_.emplace(scope.sub("attn.q_norm"), config.hidden, config.normEpsilon);
  keyNorm_.emplace(scope.sub("attn.k_norm"), config.hidden, config.normEpsilon);
}

torch::Tensor VisionLayer::attend(const torch::Tensor& input) const {
  const auto split = [&](const torch::Tensor& part) {
    return part.reshape({input.size(0), input.size(1), heads_, -1}).transpose(1, 2);
  };
  const std::vector<torch::Tensor> parts = qkv_.forward(input).chunk(3, -1);
  const torch::Tensor query = split(queryNorm_ ? queryNorm_->forward(parts[0]) : parts[0]);
  const torch::Tensor key = split(keyNorm_ ? keyNorm_->forward(parts[1]) : parts[1]);
  const torch::Tensor mixed = at::scaled_dot_product_attention(query, key, split(parts[2]));
  return projection_.forward(mixed.transpose(1, 2).reshape(input.sizes()));
}

torch::Tensor VisionLayer::forward(const torch::Tensor& hidden) const {
  const torch::Tensor attended = hidden + scale1_ * attend(normalise(norm1_, hidden));
  const torch::Tensor inner = at::gelu(expand_.forward(normalise(norm2_, attended)));
  return attended + scale2_ * reduce_.forward(inner);
}

VisionTransformer::VisionTransformer(const Scope& scope, const VisionTransformerConfig& config, Adapters adapters)
    : config_(config) {
  const Scope embeddings = scope.sub("embeddings");
  const std::int64_t side = config.imageSide / config.patchSide;
  classToken_ = embeddings.take("class_embedding", {1, 1, config.hidden});
  patchWeight_ = embeddings.take("patch_embedding.weight", {config.hidden, 3, config.patchSide, config.patchSide});
  patchBias_ = embeddings.take("patch_embedding.bias", {config.hidden}, FreshValue::Zeros);
  positionTable_ = embeddings.take("position_embedding", {1, 1 + side * side, config.hidden});
  for (std::int64_t layer = 0; layer < config.layers; ++layer)
    layers_.emplace_back(scope.sub("encoder.layers", layer), config, adapters);
}

torch::Tensor VisionTransformer::positionsFor(std::int64_t rows, std::int64_t columns) const {
  const std::int64_t side = config_.imageSide / config_.patchSide;
  if (rows == side && columns == side) return positionTable_;
  const torch::Tensor grid =
      positionTable_.narrow(1, 1, side * side).reshape({1, side, side, config_.hidden}).permute({0, 3, 1, 2}).to(at::kFloat);
  const torch::Tensor resampled = at::upsample_bicubic2d(grid, {rows, columns}, /*align_corners=*/false);
  const torch::Tensor patches = resampled.flatten(2).transpose(1, 2).to(positionTable_.scalar_type());
  return at::cat({positionTable_.narrow(1, 0, 1), patches}, 1);
}

torch::Tensor VisionTransformer::embed(const torch::Tensor& pixels) const {
  const torch::Tensor patches = at::conv2d(pixels, patchWeight_, patchBias_, config_.patchSide);
  const torch::Tensor positions = positionsFor(patches.size(2), patches.size(3));
  const torch::Tensor first = classToken_.expand({pixels.size(0), 1, config_.hidden});
  return at::cat({first, patches.flatten(2).transpose(1, 2)}, 1) + positions;
}

torch::Tensor VisionTransformer::forward(const torch::Tensor& pixels, const Observer* observer) const {
  const std::int64_t patch = config_.patchSide;
  const bool fits = pixels.dim() == 4 && pixels.size(1) == 3 && pixels.size(2) >= patch && pixels.size(3) >= patch &&
                    pixels.size(2) % patch == 0 && pixels.size(3) % patch == 0;
  if (!fits) {
    throw Error(ErrorCode::InvalidInput, "an image tensor must be [tiles, 3, H, W] with sides in multiples of " +
                                             std::to_string(patch) + " pixels, the patches of the vision tower");
  }
  torch::Tensor hidden = embed(pixels);
  tell(observer, "vision_embeddings", hidden);
  for (std::int64_t layer = 0; layer < config_.selectedState; ++layer) {
    hidden = layers_[static_cast<std::size_t>(layer)].forward(hidden);
    if (layer == 0) tell(observer, "vision_layer_first", hidden);
  }
  tell(observer, "vision_layer_last", hidden);
  return hidden.narrow(1, 1, hidden.size(1) - 1);
}

}  // namespace orthoscribe::model
