// SPDX-License-Identifier: GPL-2.0-or-later
// What the routers of a model said about a batch, for the losses that keep experts in use.
#pragma once

#include <torch/types.h>

#include <span>

#include "core/model/adapters/routing.h"

namespace orthoscribe::learn {

class RankGroup;

struct RoutedTokens {
  std::span<const model::Routing> layers;  // each [N, S, ..], or [N, 1, ..] where a sequence is routed as a whole; at least one
  torch::Tensor counted;                   // bool [N, S]: padding does not count
  const RankGroup* ranks = nullptr;        // others whose tokens count too, since the entropy of a mean is no mean of entropies

  // The mean over the tokens that count of values [N, S, ..] or [N, 1, ..] -> [..]; zeros where none counts.
  torch::Tensor meanOf(const torch::Tensor& values) const;
};

// -sum of p ln p over the last dimension, whose entries sum to 1; differentiable also where an entry is 0.
torch::Tensor entropy(const torch::Tensor& shares);

}  // namespace orthoscribe::learn
