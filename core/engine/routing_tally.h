// SPDX-License-Identifier: GPL-2.0-or-later
// Counts which experts the routers of a network choose.
#pragma once

#include <ATen/core/Tensor.h>

#include <map>
#include <string>
#include <string_view>

#include "core/base/vision_language_model.h"
#include "core/model/network.h"

namespace orthoscribe::engine {

class RoutingTally {
 public:
  // Hears mole_layer_* (core/model/network.h). Must not outlive this.
  model::Observer observer();
  // Of all passes so far, by layer.
  RoutingStatistics statistics() const;

 private:
  struct Count {
    at::Tensor probs;    // of the pass under way
    at::Tensor experts;  // of the pass under way
    at::Tensor weight;   // double [E]
    at::Tensor chosen;   // int64 [E]
    double entropy = 0.0;
    std::int64_t choices = 0;
    std::int64_t topK = 0;
  };
  // Layer, then place in it.
  using Key = std::pair<std::int64_t, std::string>;

  void hear(std::string_view name, const at::Tensor& value);
  static void add(Count& count, const at::Tensor& weights);

  std::map<Key, Count> counts_;
};

}  // namespace orthoscribe::engine
