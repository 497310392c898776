// SPDX-License-Identifier: GPL-2.0-or-later
// The decoder as training sees it: whole batches, any mask, gradients, no cache. The same sums as the network that answers
// (core/model/families/starter.cpp); a test holds the two together.
#pragma once

#include <torch/types.h>

#include <string>
#include <vector>

#include "core/learn/train/parameter_store.h"
#include "core/model/adapters/routing.h"

namespace orthoscribe::learn {

struct DecoderConfig {
  std::int64_t vocabulary = 0;
  std::int64_t width = 192;
  std::int64_t layers = 4;
  std::int64_t heads = 6;
  std::int64_t feedForward = 512;
  double ropeTheta = 10000;
  double normEpsilon = 1e-6;
  std::int64_t experts = 4;  // 0: none, a dense decoder
  std::int64_t topExperts = 2;
  std::int64_t rank = 8;
  double alpha = 16;
  std::int64_t maxPositions = 2048;
};

// Prefix of the names of a MoLE adapter's tensors.
inline constexpr const char* kAdapterPrefix = "base_model.model.";

struct DecoderOutput {
  torch::Tensor hidden;                  // [N, S, width] after the last norm
  std::vector<model::Routing> routings;  // one a layer, [N, S, ..]; none without experts
};

class DecoderGraph {
 public:
  DecoderGraph(ParameterStore& store, const DecoderConfig& config);

  const DecoderConfig& config() const { return config_; }
  // ids int64 -> [..., width] float32.
  torch::Tensor embed(const torch::Tensor& ids) const;
  // embeddings float32 [N, S, width]; positions int64 [N, S]; mask bool [N, S, S], true where a row's token sees a column's.
  // Products are computed in `dtype`. prefix: so many tokens at the beginning see nothing behind them, in any row of the batch,
  // which saves their share of the attention.
  DecoderOutput forward(const torch::Tensor& embeddings, const torch::Tensor& positions, const torch::Tensor& mask,
                        at::ScalarType dtype, std::int64_t prefix = 0) const;
  // hidden [..., width] -> logits float32 [..., vocabulary] (weights tied to the embeddings).
  torch::Tensor logits(const torch::Tensor& hidden) const;

 private:
  struct Mixed {  // a linear with its experts' low-rank parts, all rows of A together
    torch::Tensor weight;
    std::vector<torch::Tensor> down, up;
  };
  struct Layer {
    torch::Tensor attentionNorm, feedForwardNorm;
    torch::Tensor query, queryBias, key, keyBias, value, valueBias, out;
    torch::Tensor router;
    Mixed gate, raise, lower;
  };

  Layer makeLayer(ParameterStore& store, std::int64_t index) const;
  Mixed makeMixed(ParameterStore& store, const std::string& name, std::int64_t in, std::int64_t out) const;
  struct Places {  // what attention knows of the tokens
    torch::Tensor cosine, sine;
    torch::Tensor bias;  // [N, 1, S, S], added to the scores
    std::int64_t prefix = 0;
  };
  torch::Tensor attend(const Layer& layer, const torch::Tensor& input, const Places& places) const;
  // gates: of the experts; undefined where there are none.
  torch::Tensor applyMixed(const Mixed& linear, const torch::Tensor& input, const torch::Tensor& gates) const;
  torch::Tensor norm(const torch::Tensor& input, const torch::Tensor& weight, at::ScalarType dtype) const;

  DecoderConfig config_;
  torch::Tensor embedding_, finalNorm_;
  std::vector<Layer> layers_;
};

}  // namespace orthoscribe::learn
