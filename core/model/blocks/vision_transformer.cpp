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

std::vector<Linear> makeInputs(const Scope& scope, const VisionTransformerConfig& config, Adapters adapters) {
  const auto& names = config.names.queryKeyValue;
  const std::int64_t outputs = 3 * config.hidden / static_cast<std::int64_t>(names.size());
  std::vector<Linear> inputs;
  for (const std::string& name : names)
    inputs.emplace_back(scope.sub(name), plain(config.hidden, outputs, config.qkvBias), adapters);
  return inputs;
}

torch::Tensor takeScale(const Scope& scope, const std::string& name, std::int64_t hidden) {
  return name.empty() ? torch::Tensor() : scope.take(name, {hidden}, FreshValue::Ones);
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
      norm1_(makeNorm(scope.sub(config.names.firstNorm), config)),
      norm2_(makeNorm(scope.sub(config.names.secondNorm), config)),
      inputs_(makeInputs(scope, config, adapters)),
      projection_(scope.sub(config.names.projection), plain(config.hidden, config.hidden), adapters),
      expand_(scope.sub("mlp.fc1"), plain(config.hidden, config.intermediate), adapters),
      reduce_(scope.sub("mlp.fc2"), plain(config.intermediate, config.hidden), adapters),
      scale1_(takeScale(scope, config.names.firstScale, config.hidden)),
      scale2_(takeScale(scope, config.names.secondScale, config.hidden)) {
  if (!config.qkNorm) return;
  queryNorm_.emplace(scope.sub(config.names.queryNorm), config.hidden, config.qkNormEpsilon);
  keyNorm_.emplace(scope.sub(config.names.keyNorm), config.hidden, config.qkNormEpsilon);
}

std::vector<torch::Tensor> VisionLayer::queryKeyValue(const torch::Tensor& input) const {
  if (inputs_.size() == 1) return inputs_[0].forward(input).chunk(3, -1);
  return {inputs_[0].forward(input), inputs_[1].forward(input), inputs_[2].forward(input)};
}

torch::Tensor VisionLayer::scaled(const torch::Tensor& scale, const torch::Tensor& residual) {
  return scale.defined() ? scale * residual : residual;
}

torch::Tensor VisionLayer::attend(const torch::Tensor& input) const {
  const auto split = [&](const torch::Tensor& part) {
    return part.reshape({input.size(0), input.size(1), heads_, -1}).transpose(1, 2);
  };
  const std::vector<torch::Tensor> parts = queryKeyValue(input);
  const torch::Tensor query = split(queryNorm_ ? queryNorm_->forward(parts[0]) : parts[0]);
  const torch::Tensor key = split(keyNorm_ ? keyNorm_->forward(parts[1]) : parts[1]);
  const torch::Tensor mixed = at::scaled_dot_product_attention(query, key, split(parts[2]));
  return projection_.forward(mixed.transpose(1, 2).reshape(input.sizes()));
}

torch::Tensor VisionLayer::forward(const torch::Tensor& hidden) const {
  const torch::Tensor attended = hidden + scaled(scale1_, attend(normalise(norm1_, hidden)));
  const torch::Tensor inner = at::gelu(expand_.forward(normalise(norm2_, attended)));
  return attended + scaled(scale2_, reduce_.forward(inner));
}

VisionTransformer::VisionTransformer(const Scope& scope, const VisionTransformerConfig& config, Adapters adapters)
    : config_(config) {
  const VisionTransformerNames& names = config.names;
  const std::int64_t side = config.imageSide / config.patchSide;
  classToken_ = scope.take(names.classToken, {1, 1, config.hidden});
  patchWeight_ = scope.take(names.patches + ".weight", {config.hidden, 3, config.patchSide, config.patchSide});
  patchBias_ = scope.take(names.patches + ".bias", {config.hidden}, FreshValue::Zeros);
  positionTable_ = scope.take(names.positions, {1, 1 + side * side, config.hidden});
  for (std::int64_t layer = 0; layer < config.layers; ++layer)
    layers_.emplace_back(scope.sub(names.layers, layer), config, adapters);
  if (!names.finalNorm.empty()) finalNorm_.emplace(scope.sub(names.finalNorm), config.hidden, config.normEpsilon);
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
  if (finalNorm_) hidden = finalNorm_->forward(hidden);
  return config_.keepsClassToken ? hidden : hidden.narrow(1, 1, hidden.size(1) - 1);
}

}  // namespace orthoscribe::model
