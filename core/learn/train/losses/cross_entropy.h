// SPDX-License-Identifier: GPL-2.0-or-later
// How well a model says the next token.
#pragma once

#include <torch/types.h>

#include <cstdint>

namespace orthoscribe::learn {

inline constexpr std::int64_t kNoLabel = -100;  // a token that is not to be learnt, as everywhere in this field

// logits [N, S, V] of whole sequences, labels int64 [N, S] -> scalar: the mean of -log p(label) over the labels that count, each
// judged by the logits of the place before it. 0 where nothing counts. Throws Error{InvalidInput} when the shapes do not fit.
torch::Tensor nextTokenCrossEntropy(const torch::Tensor& logits, const torch::Tensor& labels);

}  // namespace orthoscribe::learn
