// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/decoder_graph.h"

#include <ATen/ATen.h>

#include <cmath>
#include <utility>

namespace orthoscribe::learn {
namespace {

using model::FreshValue;

torch::Tensor product(const torch::Tensor& input, const torch::Tensor& weight, const torch::Tensor& bias = {}) {
  return at::linear(input, weight.to(input.scalar_type()), bias.defined() ? bias.to(input.scalar_type()) : bias);
}

// x [N, heads, S, headDim] turned by the angles of its positions; halves, as Qwen2 does it.
torch::Tensor rotate(const torch::Tensor& x, const torch::Tensor& cosine, const torch::Tensor& sine) {
  const auto halves = x.chunk(2, -1);
  return x * cosine + at::cat({-halves[1], halves[0]}, -1) * sine;
}

// Spelled out: on processors the fused attention multiplies bfloat16 by plain loops. query: scaled.
torch::Tensor seenBy(const torch::Tensor& query, const torch::Tensor& key, const torch::Tensor& value,
                     const torch::Tensor& bias) {
  const torch::Tensor weights = at::matmul(query, key.transpose(-2, -1)).add_(bias).softmax(-1);
  return at::matmul(weights, value);
}

}  // namespace

DecoderGraph::DecoderGraph(ParameterStore& store, const DecoderConfig& config)
    : config_(config),
      embedding_(store.take("model.embed_tokens.weight", {config.vocabulary, config.width}, FreshValue::Normal002)),
      finalNorm_(store.take("model.norm.weight", {config.width}, FreshValue::Ones)) {
  for (std::int64_t index = 0; index < config.layers; ++index) layers_.push_back(makeLayer(store, index));
}

DecoderGraph::Mixed DecoderGraph::makeMixed(ParameterStore& store, const std::string& name, std::int64_t in,
                                            std::int64_t out) const {
  Mixed linear;
  linear.weight = store.take(name + ".weight", {out, in}, FreshValue::Normal002);
  for (std::int64_t expert = 0; expert < config_.experts; ++expert) {
    const std::string scope = kAdapterPrefix + name + ".experts." + std::to_string(expert);
    linear.down.push_back(store.take(scope + ".lora_A.weight", {config_.rank, in}, FreshValue::KaimingUniform));
    linear.up.push_back(store.take(scope + ".lora_B.weight", {out, config_.rank}, FreshValue::Zeros));
  }
  return linear;
}

DecoderGraph::Layer DecoderGraph::makeLayer(ParameterStore& store, std::int64_t index) const {
  const std::string name = "model.layers." + std::to_string(index) + ".";
  const std::int64_t width = config_.width;
  const auto square = [&](const char* part) {
    return store.take(name + "self_attn." + part + ".weight", {width, width}, FreshValue::Normal002);
  };
  const auto bias = [&](const char* part) {
    return store.take(name + "self_attn." + part + ".bias", {width}, FreshValue::Zeros);
  };
  Layer layer;
  layer.attentionNorm = store.take(name + "input_layernorm.weight", {width}, FreshValue::Ones);
  layer.feedForwardNorm = store.take(name + "post_attention_layernorm.weight", {width}, FreshValue::Ones);
  layer.query = square("q_proj");
  layer.queryBias = bias("q_proj");
  layer.key = square("k_proj");
  layer.keyBias = bias("k_proj");
  layer.value = square("v_proj");
  layer.valueBias = bias("v_proj");
  layer.out = square("o_proj");
  if (config_.experts > 0)
    layer.router = store.take(kAdapterPrefix + name + "mlp.router.weight", {config_.experts, width}, FreshValue::Normal002);
  layer.gate = makeMixed(store, name + "mlp.gate_proj", width, config_.feedForward);
  layer.raise = makeMixed(store, name + "mlp.up_proj", width, config_.feedForward);
  layer.lower = makeMixed(store, name + "mlp.down_proj", config_.feedForward, width);
  return layer;
}

torch::Tensor DecoderGraph::embed(const torch::Tensor& ids) const {
  return at::embedding(embedding_, ids);
}

torch::Tensor DecoderGraph::norm(const torch::Tensor& input, const torch::Tensor& weight, at::ScalarType dtype) const {
  const torch::Tensor scale = (input.square().mean(-1, true) + config_.normEpsilon).rsqrt();
  return (input * scale * weight).to(dtype);
}

torch::Tensor DecoderGraph::attend(const Layer& layer, const torch::Tensor& input, const Places& places) const {
  const std::int64_t pictures = input.size(0);
  const std::int64_t length = input.size(1);
  const auto split = [&](const torch::Tensor& value) {
    return value.view({pictures, length, config_.heads, -1}).transpose(1, 2);
  };
  const double scale = 1 / std::sqrt(static_cast<double>(config_.width) / static_cast<double>(config_.heads));
  const torch::Tensor query = rotate(split(product(input, layer.query, layer.queryBias)) * scale, places.cosine, places.sine);
  const torch::Tensor key = rotate(split(product(input, layer.key, layer.keyBias)), places.cosine, places.sine);
  const torch::Tensor value = split(product(input, layer.value, layer.valueBias));
  const auto seenFrom = [&](std::int64_t begin, std::int64_t end) {
    return seenBy(query.slice(2, begin, end), key.slice(2, 0, end), value.slice(2, 0, end),
                  places.bias.slice(2, begin, end).slice(3, 0, end));
  };
  const bool parts = places.prefix > 0 && places.prefix < length;
  const torch::Tensor seen =
      parts ? at::cat({seenFrom(0, places.prefix), seenFrom(places.prefix, length)}, 2) : seenFrom(0, length);
  return product(seen.transpose(1, 2).reshape({pictures, length, config_.width}), layer.out);
}

torch::Tensor DecoderGraph::applyMixed(const Mixed& linear, const torch::Tensor& input, const torch::Tensor& gates) const {
  if (!gates.defined()) return product(input, linear.weight);
  const double scale = config_.alpha / static_cast<double>(config_.rank);
  const torch::Tensor inner = product(input, at::cat(linear.down, 0));
  const torch::Tensor gated = inner * (gates * scale).to(input.scalar_type()).repeat_interleave(config_.rank, -1);
  return product(input, linear.weight) + product(gated, at::cat(linear.up, 1));
}

DecoderOutput DecoderGraph::forward(const torch::Tensor& embeddings, const torch::Tensor& positions, const torch::Tensor& mask,
                                    at::ScalarType dtype, std::int64_t prefix) const {
  const std::int64_t headWidth = config_.width / config_.heads;
  const torch::Tensor exponents = at::arange(0, headWidth, 2, embeddings.options()) / static_cast<double>(headWidth);
  const torch::Tensor angles = positions.to(at::kFloat).unsqueeze(-1) * at::pow(config_.ropeTheta, -exponents);
  const torch::Tensor both = at::cat({angles, angles}, -1).unsqueeze(1);
  const Places places = {
      .cosine = both.cos().to(dtype),
      .sine = both.sin().to(dtype),
      .bias = at::zeros(mask.sizes(), embeddings.options().dtype(dtype)).masked_fill_(mask.logical_not(), -INFINITY).unsqueeze(1),
      .prefix = prefix};

  DecoderOutput output;
  torch::Tensor stream = embeddings;
  for (const Layer& layer : layers_) {
    stream = stream + attend(layer, norm(stream, layer.attentionNorm, dtype), places);
    const torch::Tensor input = norm(stream, layer.feedForwardNorm, dtype);
    torch::Tensor gates;
    if (config_.experts > 0) {
      output.routings.push_back(model::Router(layer.router, config_.topExperts, /*normalise=*/true).route(input));
      gates = output.routings.back().gates;
    }
    const torch::Tensor inner = at::silu(applyMixed(layer.gate, input, gates)) * applyMixed(layer.raise, input, gates);
    stream = stream + applyMixed(layer.lower, inner, gates);
  }
  output.hidden = norm(stream, finalNorm_, dtype);
  return output;
}

torch::Tensor DecoderGraph::logits(const torch::Tensor& hidden) const {
  return product(hidden, embedding_).to(at::kFloat);
}

}  // namespace orthoscribe::learn
