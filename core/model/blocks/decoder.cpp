// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/blocks/decoder.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <string>

namespace orthoscribe::model {
namespace {

AttentionConfig attentionConfig(const DecoderConfig& config) {
  return {.hidden = config.hidden,
          .heads = config.heads,
          .kvHeads = config.kvHeads,
          .headSize = config.headSize,
          .inputBias = config.qkvBias,
          .fusedInput = config.fusedLinears,
          .headNorm = config.headNorm,
          .normEpsilon = config.normEpsilon};
}

std::vector<DecoderLayer> makeLayers(const Scope& scope, const DecoderConfig& config, Adapters adapters) {
  std::vector<DecoderLayer> layers;
  for (std::int64_t layer = 0; layer < config.layers; ++layer) layers.emplace_back(scope.sub("layers", layer), config, adapters);
  return layers;
}

// True where a query at `past` + row may look at a key.
torch::Tensor cachedMask(std::int64_t past, std::int64_t count, std::int64_t window, torch::Device device) {
  const auto options = at::TensorOptions().dtype(at::kLong).device(device);
  const torch::Tensor rows = at::arange(past, past + count, options).unsqueeze(1);
  const torch::Tensor columns = at::arange(0, past + count, options).unsqueeze(0);
  torch::Tensor mask = columns <= rows;
  if (window > 0) mask = mask & (columns > rows - window);
  return mask.unsqueeze(0).unsqueeze(0);
}

void tellRouting(const Observer* observer, std::int64_t layer, const std::vector<HeardRouting>& heard) {
  for (const auto& [place, routing] : heard) {
    const std::string name = "mole_layer_" + std::to_string(layer) + "_" + (place == "mlp" ? "" : place + "_");
    tell(observer, name + "router_logits", routing.logits.squeeze(0));
    tell(observer, name + "router_probs", routing.probs.squeeze(0));
    tell(observer, name + "experts", routing.experts.squeeze(0));
    tell(observer, name + "weights", routing.weights.squeeze(0));
  }
}

// [B, S, D] -> [B, 1, D]
torch::Tensor meanRow(const torch::Tensor& rows) {
  return rows.to(at::kFloat).mean(-2, true);
}

}  // namespace

DecoderLayer::DecoderLayer(const Scope& scope, const DecoderConfig& config, Adapters adapters)
    : inputNorm_(scope.sub("input_layernorm"), config.hidden, config.normEpsilon),
      attention_(scope.sub("self_attn"), attentionConfig(config), adapters),
      mlpNorm_(scope.sub("post_attention_layernorm"), config.hidden, config.normEpsilon),
      mlp_(scope.sub("mlp"), {.hidden = config.hidden, .intermediate = config.intermediate, .fusedInput = config.fusedLinears},
           adapters) {}

torch::Tensor DecoderLayer::forward(const torch::Tensor& hidden, const RotaryTables& tables,
                                    const std::optional<torch::Tensor>& mask, RoutingPass* pass) const {
  const torch::Tensor attended = hidden + attention_.forward(inputNorm_.forward(hidden), tables, mask, pass);
  return attended + mlp_.forward(mlpNorm_.forward(attended), pass);
}

torch::Tensor DecoderLayer::forward(const torch::Tensor& hidden, const RotaryTables& tables,
                                    std::span<const CachedRows> sequences, std::int64_t layer, RoutingPass* pass) const {
  const torch::Tensor attended = hidden + attention_.forward(inputNorm_.forward(hidden), tables, sequences, layer, pass);
  return attended + mlp_.forward(mlpNorm_.forward(attended), pass);
}

Decoder::Decoder(const Scope& scope, const DecoderConfig& config, Adapters adapters)
    : config_(config),
      embedding_(scope.sub("model").sub("embed_tokens").take("weight", {config.vocabulary, config.hidden})),
      head_(config.tiedEmbeddings ? embedding_ : scope.sub("lm_head").take("weight", {config.vocabulary, config.hidden})),
      layers_(makeLayers(scope.sub("model"), config, adapters)),
      norm_(scope.sub("model").sub("norm"), config.hidden, config.normEpsilon),
      rotary_(config.rotary) {
  if (!config.rotaryAxes.empty()) multimodalRotary_.emplace(config.rotary, config.rotaryAxes);
  for (const Adapter& adapter : adapters) {
    if (adapter.bankNumber()) {
      bankExperts_ = std::max(bankExperts_, *adapter.bankNumber() + 1);
      continue;
    }
    adapterNames_.push_back(adapter.name());
    routesBySequence_ = routesBySequence_ || adapter.config().routerInput == RouterInput::Instruction;
    adaptersChangeImages_ = adaptersChangeImages_ || adapter.changesImages();
  }
}

torch::Tensor Decoder::embed(const torch::Tensor& ids) const {
  return at::embedding(embedding_, ids);
}

torch::Tensor Decoder::forward(const torch::Tensor& embeddings, const torch::Tensor& positions,
                               const std::optional<torch::Tensor>& mask, std::vector<Routing>* routings,
                               std::span<const torch::Tensor> added, const RowExperts* experts,
                               const torch::Tensor& instruction) const {
  const RotaryTables tables = tablesOf(positions, embeddings.size(1));
  std::optional<torch::Tensor> seen = mask;
  if (!seen && config_.slidingWindow > 0 && embeddings.size(1) > config_.slidingWindow) {
    seen = cachedMask(0, embeddings.size(1), config_.slidingWindow, embeddings.device());
  }
  std::vector<HeardRouting> heard;
  RoutingPass pass{.tokens = embeddings, .instruction = {}, .heard = routings ? &heard : nullptr, .rows = experts};
  if (routesBySequence_) pass.instruction = instruction.defined() ? instruction : meanRow(embeddings);
  torch::Tensor hidden = embeddings;
  for (std::size_t layer = 0; layer < layers_.size(); ++layer) {
    hidden = layers_[layer].forward(hidden, tables, seen, &pass);
    if (layer < added.size()) hidden = hidden + added[layer];
  }
  for (HeardRouting& one : heard) routings->push_back(std::move(one.routing));
  return norm_.forward(hidden);
}

RotaryTables Decoder::tablesOf(const torch::Tensor& positions, std::int64_t length) const {
  if (positions.dim() < 3) return rotary_.tables(positions, length);
  const RotaryTables flat = multimodalRotary_.value().tables(positions.flatten(1));
  const std::vector<std::int64_t> shape = {positions.size(1), 1, positions.size(2), -1};
  return {.cosine = flat.cosine.view(shape), .sine = flat.sine.view(shape)};
}

RotaryTables Decoder::tablesOfNext(const KvCache& cache, std::int64_t count) const {
  const std::int64_t past = cache.length();
  if (multimodalRotary_) {
    // Without places every token stands at its number on all axes, which is what the plain tables say.
    if (const torch::Tensor placed = cache.positions(past, count); placed.defined())
      return multimodalRotary_->tables(placed.to(device()));
  }
  return rotary_.tables(at::arange(past, past + count, at::TensorOptions().dtype(at::kLong).device(device())), past + count);
}

std::optional<torch::Tensor> Decoder::maskOfNext(const KvCache& cache, std::int64_t count) const {
  const std::int64_t past = cache.length();
  const bool windowed = config_.slidingWindow > 0 && past + count > config_.slidingWindow;
  if (!windowed && (past == 0 || count == 1)) return std::nullopt;
  return cachedMask(past, count, windowed ? config_.slidingWindow : 0, device());
}

// [1, 1, hidden] for one sequence, else one for each row, [1, N, hidden].
torch::Tensor Decoder::instructionsOf(std::span<const SequenceStep> steps) const {
  std::vector<torch::Tensor> rows;
  for (const SequenceStep& step : steps) {
    if (!step.cache->instruction().defined()) step.cache->setInstruction(meanRow(step.embeddings.narrow(-1, 0, config_.hidden)));
    const torch::Tensor row = step.cache->instruction().narrow(-1, 0, config_.hidden);
    rows.push_back(steps.size() == 1 ? row : row.expand({step.embeddings.size(0), -1}));
  }
  return at::cat(rows).unsqueeze(0);
}

torch::Tensor Decoder::forwardCached(const torch::Tensor& embeddings, KvCache& cache, const Observer* observer,
                                     std::span<const torch::Tensor> added) const {
  const SequenceStep step{.embeddings = embeddings, .cache = &cache};
  return forwardTogether({&step, 1}, observer, added);
}

torch::Tensor Decoder::forwardTogether(std::span<const SequenceStep> steps, const Observer* observer,
                                       std::span<const torch::Tensor> added) const {
  std::vector<torch::Tensor> embeddings, cosines, sines;
  std::vector<CachedRows> sequences;
  std::vector<ExpertRows> experts;
  std::int64_t begin = 0;
  for (const SequenceStep& step : steps) {
    const std::int64_t count = step.embeddings.size(0);
    const RotaryTables tables = tablesOfNext(*step.cache, count);
    embeddings.push_back(step.embeddings);
    cosines.push_back(tables.cosine);
    sines.push_back(tables.sine);
    sequences.push_back({.begin = begin, .count = count, .cache = step.cache, .mask = maskOfNext(*step.cache, count)});
    experts.push_back({.count = count, .expert = step.cache->expert()});
    begin += count;
  }
  const RotaryTables tables{.cosine = at::cat(cosines), .sine = at::cat(sines)};
  const RowExperts rows(experts, device());

  torch::Tensor hidden = at::cat(embeddings).unsqueeze(0);
  std::vector<HeardRouting> heard;
  RoutingPass pass{.tokens = hidden, .instruction = {}, .heard = observer ? &heard : nullptr, .rows = &rows};
  if (routesBySequence_) pass.instruction = instructionsOf(steps);
  for (std::size_t index = 0; index < layers_.size(); ++index) {
    const auto layer = static_cast<std::int64_t>(index);
    hidden = layers_[index].forward(hidden, tables, sequences, layer, &pass);
    tellRouting(observer, layer, heard);
    heard.clear();
    if (index == 0) tell(observer, "hidden_layer_first", hidden.squeeze(0));
    if (index < added.size()) hidden = hidden + added[index].unsqueeze(0);
  }
  tell(observer, "hidden_layer_last", hidden.squeeze(0));
  for (const CachedRows& sequence : sequences) sequence.cache->advance(sequence.count);
  hidden = norm_.forward(hidden).squeeze(0);
  tell(observer, "hidden_final_norm", hidden);
  return hidden;
}

torch::Tensor Decoder::logits(const torch::Tensor& hidden) const {
  return at::linear(hidden, head_).to(at::kFloat);
}

}  // namespace orthoscribe::model
