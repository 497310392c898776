// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/blocks/attention.h"

#include <ATen/ATen.h>

namespace orthoscribe::model {
namespace {

std::vector<Linear> makeInputs(const Scope& scope, const AttentionConfig& config, Adapters adapters) {
  const std::int64_t queries = config.heads * config.headSize;
  const std::int64_t keys = config.kvHeads * config.headSize;
  std::vector<Linear> inputs;
  if (config.fusedInput) {
    const std::vector<LinearPart> parts = {{"q_proj", 0, queries}, {"k_proj", queries, keys}, {"v_proj", queries + keys, keys}};
    inputs.emplace_back(scope.sub("qkv_proj"), LinearShape{config.hidden, queries + 2 * keys, config.inputBias, parts}, adapters);
    return inputs;
  }
  inputs.emplace_back(scope.sub("q_proj"), LinearShape{config.hidden, queries, config.inputBias, {}}, adapters);
  inputs.emplace_back(scope.sub("k_proj"), LinearShape{config.hidden, keys, config.inputBias, {}}, adapters);
  inputs.emplace_back(scope.sub("v_proj"), LinearShape{config.hidden, keys, config.inputBias, {}}, adapters);
  return inputs;
}

// [B, S, n * headSize] -> [B, n, S, headSize]
torch::Tensor splitHeads(const torch::Tensor& projected, std::int64_t headSize) {
  return projected.view({projected.size(0), projected.size(1), -1, headSize}).transpose(1, 2);
}

// Each of the kvHeads serves heads / kvHeads queries.
torch::Tensor repeatHeads(const torch::Tensor& heads, std::int64_t times) {
  return times == 1 ? heads : heads.repeat_interleave(times, 1);
}

torch::Tensor attend(const torch::Tensor& query, const torch::Tensor& key, const torch::Tensor& value,
                     const std::optional<torch::Tensor>& mask) {
  const std::int64_t times = query.size(1) / key.size(1);
  const bool causal = !mask && query.size(2) == key.size(2);
  return at::scaled_dot_product_attention(query, repeatHeads(key, times), repeatHeads(value, times), mask, 0.0, causal);
}

// One query a head sees every key that the mask leaves: the queries that share a key head stand in for a sequence, and keys and
// values need no copies. mask broadcasts over heads.
torch::Tensor attendFromOne(const torch::Tensor& query, const torch::Tensor& key, const torch::Tensor& value,
                            const std::optional<torch::Tensor>& mask) {
  const torch::Tensor grouped = query.reshape({query.size(0), key.size(1), -1, query.size(3)});
  return at::scaled_dot_product_attention(grouped, key, value, mask).reshape(query.sizes());
}

torch::Tensor attendAny(const torch::Tensor& query, const torch::Tensor& key, const torch::Tensor& value,
                        const std::optional<torch::Tensor>& mask) {
  return query.size(2) == 1 ? attendFromOne(query, key, value, mask) : attend(query, key, value, mask);
}

}  // namespace

Attention::Attention(const Scope& scope, const AttentionConfig& config, Adapters adapters)
    : config_(config),
      inputs_(makeInputs(scope, config, adapters)),
      output_(scope.sub("o_proj"), LinearShape{config.heads * config.headSize, config.hidden, false, {}}, adapters),
      router_(adapters, scope.prefix().substr(0, scope.prefix().size() - 1), config.hidden) {
  if (!config.headNorm) return;
  queryNorm_.emplace(scope.sub("q_norm"), config.headSize, config.normEpsilon);
  keyNorm_.emplace(scope.sub("k_norm"), config.headSize, config.normEpsilon);
}

Attention::Projected Attention::project(const torch::Tensor& hidden, const RotaryTables& tables, const Gating& gating) const {
  const std::int64_t queryWidth = config_.heads * config_.headSize;
  const std::int64_t keyWidth = config_.kvHeads * config_.headSize;
  torch::Tensor query, key, value;
  if (config_.fusedInput) {
    const torch::Tensor all = inputs_[0].forward(hidden, gating);
    query = all.narrow(-1, 0, queryWidth);
    key = all.narrow(-1, queryWidth, keyWidth);
    value = all.narrow(-1, queryWidth + keyWidth, keyWidth);
  } else {
    query = inputs_[0].forward(hidden, gating);
    key = inputs_[1].forward(hidden, gating);
    value = inputs_[2].forward(hidden, gating);
  }
  query = splitHeads(query.contiguous(), config_.headSize);
  key = splitHeads(key.contiguous(), config_.headSize);
  return {.query = applyRotary(queryNorm_ ? queryNorm_->forward(query) : query, tables),
          .key = applyRotary(keyNorm_ ? keyNorm_->forward(key) : key, tables),
          .value = splitHeads(value.contiguous(), config_.headSize)};
}

// mixed [B, heads, S, headSize] -> [B, S, D]
torch::Tensor Attention::output(const torch::Tensor& mixed, const Gating& gating) const {
  return output_.forward(mixed.transpose(1, 2).reshape({mixed.size(0), mixed.size(2), config_.heads * config_.headSize}), gating);
}

torch::Tensor Attention::forward(const torch::Tensor& hidden, const RotaryTables& tables,
                                 const std::optional<torch::Tensor>& mask, RoutingPass* pass) const {
  const Gating gating = router_.route(hidden, pass);
  const auto [query, key, value] = project(hidden, tables, gating);
  return output(attendAny(query, key, value, mask), gating);
}

torch::Tensor Attention::forward(const torch::Tensor& hidden, const RotaryTables& tables, std::span<const CachedRows> sequences,
                                 std::int64_t layer, RoutingPass* pass) const {
  const Gating gating = router_.route(hidden, pass);
  const auto [query, key, value] = project(hidden, tables, gating);
  std::vector<torch::Tensor> mixed;
  for (const CachedRows& sequence : sequences) {
    const auto own = [&](const torch::Tensor& rows) { return rows.narrow(2, sequence.begin, sequence.count); };
    const auto [keys, values] = sequence.cache->append(layer, own(key).squeeze(0), own(value).squeeze(0));
    mixed.push_back(attendAny(own(query), keys.unsqueeze(0), values.unsqueeze(0), sequence.mask));
  }
  return output(mixed.size() == 1 ? mixed.front() : at::cat(mixed, 2), gating);
}

}  // namespace orthoscribe::model
