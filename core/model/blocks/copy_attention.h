// SPDX-License-Identifier: GPL-2.0-or-later
// Copying numbers out of the list of objects while an answer is written: a pointer beside the decoder's own vocabulary (after See
// et al., "Get To The Point", 2017). The decoder's hidden state says which class is meant and whether a number is to be copied at
// all; how many numbers the answer already holds says which object and which of its five numbers comes next. When to stop, and
// every word, is the decoder's own.
#pragma once

#include <torch/types.h>

#include <cstdint>

#include "core/model/weights/weight_source.h"

namespace orthoscribe::model {

class CopyAttention {
 public:
  // width: of the decoder. vocabulary: rows of the table of tokens.
  CopyAttention(const Scope& scope, std::int64_t width, std::int64_t vocabulary, std::int64_t objectClasses);

  // ids int64 [...] -> float [..., 2]: whether a token is one of " 0".." 255", and whether it begins an answer.
  torch::Tensor tokenFlags(const torch::Tensor& ids) const;

  // hidden [N, S, width] after the decoder's last norm; objects [N, K, objectFeatureCount] as describeObjects gives them;
  // numbersBefore int64 [N, S]: numbers that the answer holds up to and with this token. -> what is to be added to hidden, [N, S,
  // width], in its dtype.
  torch::Tensor forward(const torch::Tensor& hidden, const torch::Tensor& objects, const torch::Tensor& numbersBefore) const;

 private:
  std::int64_t objectClasses_;
  torch::Tensor flags_;                    // [vocabulary, 2], not trained
  torch::Tensor classWeight_, classBias_;  // whose objects are meant
  torch::Tensor gateWeight_, gateBias_;    // whether to copy
  torch::Tensor nothing_;                  // [1]: logit of "no object"
  torch::Tensor gain_;                     // [1]
  torch::Tensor noticed_;                  // [width, 4]: the pointed-at object's being there and score, told to the decoder
};

// Flags [N, S, 2] of whole sequences -> numbers since the last token that begins an answer, int64 [N, S].
torch::Tensor numbersSinceAnswer(const torch::Tensor& flags);

}  // namespace orthoscribe::model
