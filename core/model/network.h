// SPDX-License-Identifier: GPL-2.0-or-later
// What every model family gives to the engine: embeddings, image features, and logits over a cache.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/blocks/kv_cache.h"

namespace orthoscribe::model {

struct NetworkTraits {
  std::string family;  // as in the list of families
  std::int64_t vocabularySize = 0;
  std::int64_t hiddenSize = 0;
  std::int64_t maxPositions = 0;  // longest sequence it was made for
  bool seesImages = false;
  bool readsQuestion = false;         // whether an image's rows depend on what is asked about it
  std::vector<std::string> adapters;  // names of those applied
  bool routesBySequence = false;      // a router goes by the instruction; see KvCache::instruction
  bool adaptersChangeImages = false;  // images look otherwise than without the adapters
  std::int64_t bankExperts = 0;       // experts that a sequence may name (KvCache::setExpert), by number
};

// Gets named intermediate tensors, to find a wrong layer and to count what experts do. The names are those of parity/README.md:
// vision_embeddings, vision_layer_first, vision_layer_last, vision_features, vision_projected, qformer_* (shapes [tiles, ..]),
// vision_patch_embed, vision_block_first ([patches, ..]), vision_deepstack_N, window_index, cu_window_seqlens;
// hidden_layer_first, hidden_layer_last, hidden_final_norm ([S, hiddenSize]); and mole_layer_{l}_{router_logits, router_probs,
// experts, weights}
// ([S, experts] or [S, k]; [1, ..] for a sequence-level router), for routers elsewhere than at the feed-forward block with the
// place between: mole_layer_{l}_self_attn_experts, mole_layer_{l}_mlp.down_proj_experts.
using Observer = std::function<void(std::string_view name, const at::Tensor& value)>;

inline void tell(const Observer* observer, std::string_view name, const at::Tensor& value) {
  if (observer && *observer) (*observer)(name, value);
}

// An image among the tokens of a sequence: rows x columns of them from `begin` on, rows first.
struct ImagePlace {
  std::int64_t begin = 0;
  std::int64_t rows = 0;
  std::int64_t columns = 0;
};

// A sequence's share of a pass over several.
struct SequenceStep {
  at::Tensor embeddings;     // [S, hiddenSize] of its next S positions, S at least 1
  KvCache* cache = nullptr;  // its own; no two of a pass share one
};

// Where the last row of each sequence is, when the rows of all stand one behind the other.
std::vector<std::int64_t> lastRowsOf(std::span<const SequenceStep> steps);

class Network {
 public:
  virtual ~Network() = default;
  virtual const NetworkTraits& traits() const = 0;

  // ids int64 [S] -> [S, hiddenSize] in the model's precision.
  virtual at::Tensor embedTokens(const at::Tensor& ids) const = 0;

  // pixelValues float32 as the family's image processor gives them ([tiles, 3, H, W], or patches of one picture) ->
  // [imageTokens, hiddenSize], tile by tile, rows first. Throws Error{Unsupported} when the family sees no images.
  virtual at::Tensor encodeImage(const at::Tensor& pixelValues, const Observer* observer = nullptr) const = 0;

  // The same for a network that reads the question with the image (traits().readsQuestion; others ignore it): question int64 [T],
  // ids of the question's own tokenizer (InstructBLIP's Q-Former). Throws Error{InvalidInput} for a question that is too long.
  virtual at::Tensor encodeImageFor(const at::Tensor& pixelValues, const at::Tensor& question,
                                    const Observer* observer = nullptr) const {
    (void)question;
    return encodeImage(pixelValues, observer);
  }

  virtual KvCache makeCache() const = 0;

  // Where the first `length` tokens of a sequence stand, int64 [axes, length], for KvCache::setPositions; undefined for families
  // to which only their order counts. Throws Error{InvalidInput} for images that do not fit into the sequence.
  virtual at::Tensor positionsOf(std::int64_t length, std::span<const ImagePlace> images) const {
    (void)length;
    (void)images;
    return {};
  }

  // embeddings [S, hiddenSize] of the next S positions after what the cache holds -> logits float32 [S, vocabularySize], or [1,
  // vocabularySize] with lastOnly. Appends to the cache.
  virtual at::Tensor forward(const at::Tensor& embeddings, KvCache& cache, bool lastOnly,
                             const Observer* observer = nullptr) const = 0;

  // The next positions of several sequences in one pass, a prompt beside single tokens as they come -> logits float32 [sequences,
  // vocabularySize] after the last position of each. As forward for each of them, up to rounding; here one after the other.
  virtual at::Tensor forwardTogether(std::span<const SequenceStep> steps, const Observer* observer = nullptr) const;

  // Whether position-dependent factors change between a sequence of `before` and one of `after` tokens, so that a cache must be
  // thrown away and the whole sequence computed again (long rope, skynova.md section 1.7).
  virtual bool mustRecompute(std::int64_t before, std::int64_t after) const {
    (void)before;
    (void)after;
    return false;
  }
};

}  // namespace orthoscribe::model
