// SPDX-License-Identifier: GPL-2.0-or-later
// The Q-Former of InstructBLIP (arXiv 2305.06500 section 2.3; rsmoe_and_metrics.md section 3.5): a BERT whose learnt queries read
// the question beside them and, in some layers, the image.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "core/model/blocks/linear.h"
#include "core/model/blocks/norm.h"
#include "core/model/network.h"

namespace orthoscribe::model {

struct QueryFormerConfig {
  std::int64_t hidden = 0;
  std::int64_t layers = 0;
  std::int64_t heads = 0;
  std::int64_t intermediate = 0;
  std::int64_t vocabulary = 0;
  std::int64_t positions = 0;            // longest question, in tokens
  std::int64_t crossAttentionEvery = 2;  // layers 0, n, 2 n ... see the image
  std::int64_t imageWidth = 0;           // channels of the image's rows
  double normEpsilon = 1e-12;
};

// Attention with the norm after its residual.
class PostNormAttention {
 public:
  // seenWidth: channels of what is looked at. scope holds "attention.{query,key,value}" and "output.{dense,LayerNorm}".
  PostNormAttention(const Scope& scope, const QueryFormerConfig& config, std::int64_t seenWidth);
  // rows [B, S, hidden] look at seen [B, T, seenWidth] -> [B, S, hidden].
  torch::Tensor forward(const torch::Tensor& rows, const torch::Tensor& seen) const;

 private:
  std::int64_t heads_;
  Linear query_, key_, value_, dense_;
  LayerNorm norm_;
};

// Linear, GELU, linear, with the norm after the residual.
class PostNormMlp {
 public:
  // first and second: the scopes of "dense", and of "dense" and "LayerNorm".
  PostNormMlp(const Scope& first, const Scope& second, const QueryFormerConfig& config);
  torch::Tensor forward(const torch::Tensor& rows) const;

 private:
  Linear expand_, reduce_;
  LayerNorm norm_;
};

class QueryFormerLayer {
 public:
  QueryFormerLayer(const Scope& scope, const QueryFormerConfig& config, bool seesImage);
  // rows [B, queries + T, hidden] -> the same shape.
  torch::Tensor forward(const torch::Tensor& rows, std::int64_t queries, const torch::Tensor& image) const;

 private:
  PostNormAttention attention_;
  std::optional<PostNormAttention> crossAttention_;
  PostNormMlp queryMlp_, textMlp_;
};

class QueryFormer {
 public:
  // scope holds "embeddings" and "encoder.layer.N".
  QueryFormer(const Scope& scope, const QueryFormerConfig& config);

  // queries [1, Q, hidden], question int64 [T] (T may be 0), image [B, N, imageWidth] -> [B, Q, hidden]. Shows
  // qformer_embeddings, qformer_layer_first and qformer_last, each [B, Q + T, hidden]. Throws Error{InvalidInput} for a question
  // that is longer than the table of positions or names a token outside the vocabulary.
  torch::Tensor forward(const torch::Tensor& queries, const torch::Tensor& question, const torch::Tensor& image,
                        const Observer* observer) const;

 private:
  void checkQuestion(const torch::Tensor& question) const;
  torch::Tensor embed(const torch::Tensor& queries, const torch::Tensor& question, const torch::Tensor& image) const;

  QueryFormerConfig config_;
  torch::Tensor words_;      // [vocabulary, hidden]
  torch::Tensor positions_;  // [positions, hidden], of the question's tokens alone
  LayerNorm norm_;
  std::vector<QueryFormerLayer> layers_;
};

}  // namespace orthoscribe::model
