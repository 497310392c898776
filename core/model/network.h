// SPDX-License-Identifier: GPL-2.0-or-later
// What every model family gives to the engine: embeddings, image features, and logits over a cache.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <memory>
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
  std::vector<std::string> adapters;  // names of those applied
  bool routesBySequence = false;      // a router goes by the instruction; see KvCache::instruction
  bool adaptersChangeImages = false;  // images look otherwise than without the adapters
};

// Gets named intermediate tensors, to find a wrong layer and to count what experts do. The names are those of parity/README.md:
// vision_embeddings, vision_layer_first, vision_layer_last, vision_features, vision_projected (shapes [tiles, ..]),
// hidden_layer_first, hidden_layer_last, hidden_final_norm ([S, hiddenSize]); and mole_layer_{l}_{router_logits, router_probs,
// experts, weights}
// ([S, experts] or [S, k]; [1, ..] for a sequence-level router), for routers elsewhere than at the feed-forward block with the
// place between: mole_layer_{l}_self_attn_experts, mole_layer_{l}_mlp.down_proj_experts.
using Observer = std::function<void(std::string_view name, const at::Tensor& value)>;

inline void tell(const Observer* observer, std::string_view name, const at::Tensor& value) {
  if (observer && *observer) (*observer)(name, value);
}

class Network {
 public:
  virtual ~Network() = default;
  virtual const NetworkTraits& traits() const = 0;

  // ids int64 [S] -> [S, hiddenSize] in the model's precision.
  virtual at::Tensor embedTokens(const at::Tensor& ids) const = 0;

  // pixelValues float32 [tiles, 3, H, W], normalised by the family's image processor -> [imageTokens, hiddenSize], tile by tile,
  // rows first. Throws Error{Unsupported} when the family sees no images.
  virtual at::Tensor encodeImage(const at::Tensor& pixelValues, const Observer* observer = nullptr) const = 0;

  virtual KvCache makeCache() const = 0;

  // embeddings [S, hiddenSize] of the next S positions after what the cache holds -> logits float32 [S, vocabularySize], or [1,
  // vocabularySize] with lastOnly. Appends to the cache.
  virtual at::Tensor forward(const at::Tensor& embeddings, KvCache& cache, bool lastOnly,
                             const Observer* observer = nullptr) const = 0;

  // Whether position-dependent factors change between a sequence of `before` and one of `after` tokens, so that a cache must be
  // thrown away and the whole sequence computed again (long rope, skynova.md section 1.7).
  virtual bool mustRecompute(std::int64_t before, std::int64_t after) const {
    (void)before;
    (void)after;
    return false;
  }
};

}  // namespace orthoscribe::model
