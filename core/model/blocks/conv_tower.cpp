// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/blocks/conv_tower.h"

#include <ATen/ATen.h>

#include <string>

namespace orthoscribe::model {
namespace {

constexpr double kNormMomentum = 0.1;
constexpr double kNormEpsilon = 1e-5;
constexpr std::int64_t kGeometryChannels = 6;

std::vector<ResidualBlock> makeBlocks(const Scope& scope, std::int64_t channels, std::int64_t count, Adapters adapters) {
  std::vector<ResidualBlock> blocks;
  for (std::int64_t index = 0; index < count; ++index) blocks.emplace_back(scope.sub("blocks", index), channels, adapters);
  return blocks;
}

torch::Tensor through(const std::vector<ResidualBlock>& blocks, torch::Tensor value, bool training) {
  for (const ResidualBlock& block : blocks) value = block.forward(value, training);
  return value;
}

torch::Tensor doubled(const torch::Tensor& value) {
  return at::upsample_nearest2d(value, {value.size(2) * 2, value.size(3) * 2});
}

torch::Tensor pointwise(const torch::Tensor& value, const torch::Tensor& weight, const torch::Tensor& bias) {
  return at::conv2d(value, weight.to(value.scalar_type()), bias.to(value.scalar_type()));
}

// "tower.pyramid.smooth4" of the scope "tower.pyramid.smooth4.".
std::string moduleOf(const Scope& scope) {
  return scope.prefix().substr(0, scope.prefix().size() - 1);
}

// Weight of a head of 1 x 1 convolutions.
torch::Tensor takeHead(const Scope& scope, std::int64_t in, std::int64_t out, Adapters adapters) {
  return adaptedConvolution(adapters, moduleOf(scope), scope.take("weight", {out, in, 1, 1}));
}

}  // namespace

NormalisedConv::NormalisedConv(const Scope& scope, std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride,
                               Adapters adapters)
    : weight_(adaptedConvolution(adapters, moduleOf(scope),
                                 scope.take("weight", {out, in, kernel, kernel}, FreshValue::KaimingUniform))),
      scale_(scope.take("norm.weight", {out}, FreshValue::Ones)),
      shift_(scope.take("norm.bias", {out}, FreshValue::Zeros)),
      mean_(scope.take("norm.running_mean", {out}, FreshValue::Zeros)),
      variance_(scope.take("norm.running_var", {out}, FreshValue::Ones)),
      stride_(stride) {}

torch::Tensor NormalisedConv::forward(const torch::Tensor& input, bool training) const {
  const torch::Tensor weight = weight_.to(input.scalar_type()).contiguous(at::MemoryFormat::ChannelsLast);
  const std::int64_t border = weight.size(2) / 2;
  const torch::Tensor value = at::conv2d(input, weight, {}, stride_, border);
  return at::batch_norm(value, scale_, shift_, mean_, variance_, training, kNormMomentum, kNormEpsilon, false);
}

ResidualBlock::ResidualBlock(const Scope& scope, std::int64_t channels, Adapters adapters)
    : first_(scope.sub("first"), channels, channels, 3, 1, adapters),
      second_(scope.sub("second"), channels, channels, 3, 1, adapters) {}

torch::Tensor ResidualBlock::forward(const torch::Tensor& input, bool training) const {
  const torch::Tensor inner = at::relu(first_.forward(input, training));
  return at::relu(second_.forward(inner, training) + input);
}

ConvTower::ConvTower(const Scope& scope, const ConvTowerConfig& config, Adapters adapters)
    : stem_(scope.sub("stem"), 3, config.stem, 3, 2, adapters),
      enter4_(scope.sub("stage4.enter"), config.stem, config.stage4, 3, 2, adapters),
      enter8_(scope.sub("stage8.enter"), config.stage4, config.stage8, 3, 2, adapters),
      enter16_(scope.sub("stage16.enter"), config.stage8, config.stage16, 3, 2, adapters),
      enter32_(scope.sub("stage32.enter"), config.stage16, config.stage32, 3, 2, adapters),
      blocks4_(makeBlocks(scope.sub("stage4"), config.stage4, 1, adapters)),
      blocks8_(makeBlocks(scope.sub("stage8"), config.stage8, 2, adapters)),
      blocks16_(makeBlocks(scope.sub("stage16"), config.stage16, 2, adapters)),
      blocks32_(makeBlocks(scope.sub("stage32"), config.stage32, 1, adapters)),
      lateral4_(scope.sub("pyramid.lateral4"), config.stage4, config.head, 1, 1, adapters),
      lateral8_(scope.sub("pyramid.lateral8"), config.stage8, config.pyramid, 1, 1, adapters),
      lateral16_(scope.sub("pyramid.lateral16"), config.stage16, config.pyramid, 1, 1, adapters),
      lateral32_(scope.sub("pyramid.lateral32"), config.stage32, config.pyramid, 1, 1, adapters),
      down4_(scope.sub("pyramid.down4"), config.pyramid, config.head, 1, 1, adapters),
      smooth8_(scope.sub("pyramid.smooth8"), config.pyramid, config.pyramid, 3, 1, adapters),
      smooth4_(scope.sub("pyramid.smooth4"), config.head, config.head, 3, 1, adapters),
      heatWeight_(takeHead(scope.sub("heads.heat"), config.head, config.objectClasses, adapters)),
      heatBias_(scope.take("heads.heat.bias", {config.objectClasses}, FreshValue::Zeros)),
      geometryWeight_(takeHead(scope.sub("heads.geometry"), config.head, kGeometryChannels, adapters)),
      geometryBias_(scope.take("heads.geometry.bias", {kGeometryChannels}, FreshValue::Zeros)),
      sceneWeight_(scope.take("heads.scene.weight", {config.scenes, config.stage32})),
      sceneBias_(scope.take("heads.scene.bias", {config.scenes}, FreshValue::Zeros)),
      attributeWeight_(scope.take("heads.attribute.weight", {config.attributes, config.stage32})),
      attributeBias_(scope.take("heads.attribute.bias", {config.attributes}, FreshValue::Zeros)) {}

ConvTowerOutput ConvTower::forward(const torch::Tensor& pixels, bool training) const {
  torch::Tensor value = at::relu(stem_.forward(pixels.contiguous(at::MemoryFormat::ChannelsLast), training));
  const torch::Tensor at4 = through(blocks4_, at::relu(enter4_.forward(value, training)), training);
  const torch::Tensor at8 = through(blocks8_, at::relu(enter8_.forward(at4, training)), training);
  const torch::Tensor at16 = through(blocks16_, at::relu(enter16_.forward(at8, training)), training);
  const torch::Tensor at32 = through(blocks32_, at::relu(enter32_.forward(at16, training)), training);

  const torch::Tensor high = at::relu(lateral16_.forward(at16, training) + doubled(lateral32_.forward(at32, training)));
  const torch::Tensor middle = at::relu(lateral8_.forward(at8, training) + doubled(high));
  const torch::Tensor detail = at::relu(smooth8_.forward(middle, training));
  const torch::Tensor fine = at::relu(lateral4_.forward(at4, training) + doubled(down4_.forward(detail, training)));
  const torch::Tensor head = at::relu(smooth4_.forward(fine, training));

  const torch::Tensor pooled = at32.mean({2, 3}, false, at::kFloat);
  ConvTowerOutput output;
  output.context = at32;
  output.detail = detail;
  output.heat = pointwise(head, heatWeight_, heatBias_);
  output.geometry = pointwise(head, geometryWeight_, geometryBias_);
  output.scenes = at::linear(pooled, sceneWeight_.to(at::kFloat), sceneBias_.to(at::kFloat));
  output.attributes = at::linear(pooled, attributeWeight_.to(at::kFloat), attributeBias_.to(at::kFloat));
  return output;
}

}  // namespace orthoscribe::model
