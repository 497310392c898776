// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/blocks/query_former.h"

#include <ATen/ATen.h>

#include <string>

#include "core/base/error.h"

namespace orthoscribe::model {
namespace {

LinearShape biased(std::int64_t inputs, std::int64_t outputs) {
  return {.inputs = inputs, .outputs = outputs, .bias = true, .parts = {}};
}

std::vector<QueryFormerLayer> makeLayers(const Scope& scope, const QueryFormerConfig& config) {
  std::vector<QueryFormerLayer> layers;
  for (std::int64_t layer = 0; layer < config.layers; ++layer)
    layers.emplace_back(scope.sub("encoder.layer", layer), config, layer % config.crossAttentionEvery == 0);
  return layers;
}

}  // namespace

PostNormAttention::PostNormAttention(const Scope& scope, const QueryFormerConfig& config, std::int64_t seenWidth)
    : heads_(config.heads),
      query_(scope.sub("attention.query"), biased(config.hidden, config.hidden)),
      key_(scope.sub("attention.key"), biased(seenWidth, config.hidden)),
      value_(scope.sub("attention.value"), biased(seenWidth, config.hidden)),
      dense_(scope.sub("output.dense"), biased(config.hidden, config.hidden)),
      norm_(scope.sub("output.LayerNorm"), config.hidden, config.normEpsilon) {}

torch::Tensor PostNormAttention::forward(const torch::Tensor& rows, const torch::Tensor& seen) const {
  const auto split = [&](const torch::Tensor& all) {
    return all.reshape({all.size(0), all.size(1), heads_, -1}).transpose(1, 2);
  };
  const torch::Tensor mixed =
      at::scaled_dot_product_attention(split(query_.forward(rows)), split(key_.forward(seen)), split(value_.forward(seen)));
  return norm_.forward(dense_.forward(mixed.transpose(1, 2).reshape(rows.sizes())) + rows);
}

PostNormMlp::PostNormMlp(const Scope& first, const Scope& second, const QueryFormerConfig& config)
    : expand_(first.sub("dense"), biased(config.hidden, config.intermediate)),
      reduce_(second.sub("dense"), biased(config.intermediate, config.hidden)),
      norm_(second.sub("LayerNorm"), config.hidden, config.normEpsilon) {}

torch::Tensor PostNormMlp::forward(const torch::Tensor& rows) const {
  return norm_.forward(reduce_.forward(at::gelu(expand_.forward(rows))) + rows);
}

QueryFormerLayer::QueryFormerLayer(const Scope& scope, const QueryFormerConfig& config, bool seesImage)
    : attention_(scope.sub("attention"), config, config.hidden),
      queryMlp_(scope.sub("intermediate_query"), scope.sub("output_query"), config),
      textMlp_(scope.sub("intermediate"), scope.sub("output"), config) {
  if (seesImage) crossAttention_.emplace(scope.sub("crossattention"), config, config.imageWidth);
}

torch::Tensor QueryFormerLayer::forward(const torch::Tensor& rows, std::int64_t queries, const torch::Tensor& image) const {
  const torch::Tensor attended = attention_.forward(rows, rows);
  torch::Tensor ofQueries = attended.narrow(1, 0, queries);
  if (crossAttention_) ofQueries = crossAttention_->forward(ofQueries, image);
  ofQueries = queryMlp_.forward(ofQueries);
  const std::int64_t words = rows.size(1) - queries;
  return words == 0 ? ofQueries : at::cat({ofQueries, textMlp_.forward(attended.narrow(1, queries, words))}, 1);
}

QueryFormer::QueryFormer(const Scope& scope, const QueryFormerConfig& config)
    : config_(config),
      words_(scope.take("embeddings.word_embeddings.weight", {config.vocabulary, config.hidden})),
      positions_(scope.take("embeddings.position_embeddings.weight", {config.positions, config.hidden})),
      norm_(scope.sub("embeddings.layernorm"), config.hidden, config.normEpsilon),
      layers_(makeLayers(scope, config)) {}

void QueryFormer::checkQuestion(const torch::Tensor& question) const {
  if (question.numel() > config_.positions) {
    throw Error(ErrorCode::InvalidInput,
                "the question takes " + std::to_string(question.numel()) + " tokens of the Q-Former, which reads at most " +
                    std::to_string(config_.positions),
                "ask a shorter question");
  }
  if (question.numel() > 0 &&
      (question.min().item<std::int64_t>() < 0 || question.max().item<std::int64_t>() >= config_.vocabulary)) {
    throw Error(ErrorCode::InvalidInput,
                "the question holds a token outside the Q-Former's vocabulary of " + std::to_string(config_.vocabulary),
                "the tokenizer in qformer_tokenizer does not belong to these weights");
  }
}

torch::Tensor QueryFormer::embed(const torch::Tensor& queries, const torch::Tensor& question, const torch::Tensor& image) const {
  torch::Tensor rows = queries;
  if (question.numel() > 0) {
    // Positions count the question's tokens; the queries have none.
    const torch::Tensor words = at::embedding(words_, question) + positions_.narrow(0, 0, question.numel());
    rows = at::cat({queries, words.unsqueeze(0)}, 1);
  }
  // Queries in training are float32 whatever the model's precision.
  return norm_.forward(rows).to(image.scalar_type()).expand({image.size(0), -1, -1});
}

torch::Tensor QueryFormer::forward(const torch::Tensor& queries, const torch::Tensor& question, const torch::Tensor& image,
                                   const Observer* observer) const {
  checkQuestion(question);
  const std::int64_t count = queries.size(1);
  torch::Tensor rows = embed(queries, question.to(words_.device()), image);
  tell(observer, "qformer_embeddings", rows);
  for (std::size_t layer = 0; layer < layers_.size(); ++layer) {
    rows = layers_[layer].forward(rows, count, image);
    if (layer == 0) tell(observer, "qformer_layer_first", rows);
  }
  tell(observer, "qformer_last", rows);
  return rows.narrow(1, 0, count);
}

}  // namespace orthoscribe::model
