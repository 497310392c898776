// SPDX-License-Identifier: GPL-2.0-or-later
// A decoder-only language model as Qwen2, Phi-3 and Llama share it: token embedding, layers of attention and gated feed-forward
// with residuals, final norm, output matrix. For generation with a cache and for training.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/model/blocks/attention.h"
#include "core/model/blocks/gated_mlp.h"
#include "core/model/blocks/multimodal_rotary.h"
#include "core/model/blocks/norm.h"
#include "core/model/network.h"

namespace orthoscribe::model {

struct DecoderConfig {
  std::int64_t vocabulary = 0;
  std::int64_t hidden = 0;
  std::int64_t intermediate = 0;
  std::int64_t layers = 0;
  std::int64_t heads = 0;
  std::int64_t kvHeads = 0;
  std::int64_t headSize = 0;
  double normEpsilon = 1e-6;
  bool qkvBias = false;
  bool headNorm = false;      // RMS norm of each head's queries and keys (Qwen3)
  bool fusedLinears = false;  // qkv_proj and gate_up_proj
  bool tiedEmbeddings = false;
  std::int64_t slidingWindow = 0;  // a token sees itself and slidingWindow - 1 before it; 0: all
  std::int64_t maxPositions = 0;
  RotaryConfig rotary;
  std::vector<std::int64_t> rotaryAxes;  // the axis of each frequency (multimodal_rotary.h); empty: positions have one axis
};

class DecoderLayer {
 public:
  DecoderLayer(const Scope& scope, const DecoderConfig& config, Adapters adapters);
  // As Attention's two.
  torch::Tensor forward(const torch::Tensor& hidden, const RotaryTables& tables, const std::optional<torch::Tensor>& mask,
                        RoutingPass* pass) const;
  torch::Tensor forward(const torch::Tensor& hidden, const RotaryTables& tables, std::span<const CachedRows> sequences,
                        std::int64_t layer, RoutingPass* pass) const;

 private:
  RmsNorm inputNorm_;
  Attention attention_;
  RmsNorm mlpNorm_;
  GatedMlp mlp_;
};

class Decoder {
 public:
  // scope holds "model.embed_tokens", "model.layers.N", "model.norm" and, unless tied, "lm_head".
  Decoder(const Scope& scope, const DecoderConfig& config, Adapters adapters = {});

  const DecoderConfig& config() const { return config_; }
  const std::vector<std::string>& adapterNames() const { return adapterNames_; }
  // Whether a router goes by the instruction (KvCache::instruction).
  bool routesBySequence() const { return routesBySequence_; }
  // Whether an adapter changes how images look to the decoder.
  bool adaptersChangeImages() const { return adaptersChangeImages_; }
  // Experts that a sequence may name.
  std::int64_t bankExperts() const { return bankExperts_; }
  torch::Device device() const { return embedding_.device(); }
  torch::ScalarType dtype() const { return embedding_.scalar_type(); }

  // ids int64 of any shape [..] -> [.., hidden].
  torch::Tensor embed(const torch::Tensor& ids) const;

  // For training and for whole sequences of text. embeddings [B, S, hidden]; positions int64 [S] or [B, S], or [axes, B, S] where
  // they have axes; mask bool (true: may look), broadcast to [B, heads, S, S], or nothing for causal. -> [B, S, hidden] after the
  // final norm. routings: what every router said is appended. added: as forwardCached has them, [B, S, hidden]. experts: of the
  // B * S rows; null: all go through the base. instruction: what a sequence-level router goes by, float32 [B, 1, hidden], or one
  // for each row, [B, S, hidden]; undefined: the mean of all rows.
  torch::Tensor forward(const torch::Tensor& embeddings, const torch::Tensor& positions, const std::optional<torch::Tensor>& mask,
                        std::vector<Routing>* routings = nullptr, std::span<const torch::Tensor> added = {},
                        const RowExperts* experts = nullptr, const torch::Tensor& instruction = {}) const;

  // The next S tokens of a sequence: embeddings [S, hidden] -> [S, hidden] after the final norm; the cache grows by S. added:
  // rows [S, hidden] for each of the first layers, that are added to what comes out of it. A sequence-level router goes by the
  // cache's instruction, else by the mean of the rows of the first pass, which the cache keeps.
  torch::Tensor forwardCached(const torch::Tensor& embeddings, KvCache& cache, const Observer* observer = nullptr,
                              std::span<const torch::Tensor> added = {}) const;

  // The same for several sequences at once, each with its own cache and of any length: [N, hidden], one behind the other. added:
  // rows of all of them. Linears run over all rows together, attention looks at each sequence by itself, a row goes through the
  // expert that its cache names.
  torch::Tensor forwardTogether(std::span<const SequenceStep> steps, const Observer* observer = nullptr,
                                std::span<const torch::Tensor> added = {}) const;

  // hidden [.., hidden] -> logits float32 [.., vocabulary].
  torch::Tensor logits(const torch::Tensor& hidden) const;

  KvCache makeCache() const { return KvCache(config_.layers); }
  bool hasPositionAxes() const { return multimodalRotary_.has_value(); }
  bool mustRecompute(std::int64_t before, std::int64_t after) const { return rotary_.factorsChange(before, after); }

 private:
  RotaryTables tablesOf(const torch::Tensor& positions, std::int64_t length) const;
  RotaryTables tablesOfNext(const KvCache& cache, std::int64_t count) const;
  std::optional<torch::Tensor> maskOfNext(const KvCache& cache, std::int64_t count) const;
  torch::Tensor instructionsOf(std::span<const SequenceStep> steps) const;

  DecoderConfig config_;
  torch::Tensor embedding_;  // [vocabulary, hidden]
  torch::Tensor head_;       // [vocabulary, hidden]
  std::vector<DecoderLayer> layers_;
  RmsNorm norm_;
  Rotary rotary_;
  std::optional<MultimodalRotary> multimodalRotary_;
  std::vector<std::string> adapterNames_;
  bool routesBySequence_ = false;
  bool adaptersChangeImages_ = false;
  std::int64_t bankExperts_ = 0;
};

}  // namespace orthoscribe::model
