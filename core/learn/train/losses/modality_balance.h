// SPDX-License-Identifier: GPL-2.0-or-later
// The balance losses as a model that sees images is trained with them (skynova.md section 4.4).
#pragma once

#include <torch/types.h>

#include <functional>
#include <span>

#include "core/learn/train/losses/routed_tokens.h"

namespace orthoscribe::learn {

// 0.01 L_tok + 0.01 L_bat + 0.001 L_z: even use of the experts that a token chose (0 when perfect, 1 when one takes all; 0 for a
// single choice), even use of all experts by the batch (the same), small logits. Image tokens are many more than text tokens, so
// each kind counts half; where one is absent, the other counts fully. imageToken, textToken: bool [N, S]; padding is in neither.
// Scalar. All layers have the same experts. ranks: as RoutedTokens has them.
torch::Tensor modalityBalanceLoss(std::span<const model::Routing> layers, const torch::Tensor& imageToken,
                                  const torch::Tensor& textToken, const RankGroup* ranks = nullptr);

// The mean of a loss over each kind of token that is there. Scalar.
torch::Tensor meanOverModalities(const std::function<torch::Tensor(const RoutedTokens& routed)>& loss,
                                 std::span<const model::Routing> layers, const torch::Tensor& imageToken,
                                 const torch::Tensor& textToken, const RankGroup* ranks = nullptr);

}  // namespace orthoscribe::learn
