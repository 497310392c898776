// SPDX-License-Identifier: GPL-2.0-or-later
// Keys and values of the tokens seen so far, layer by layer, for one sequence.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <utility>
#include <vector>

namespace orthoscribe::model {

class KvCache {
 public:
  explicit KvCache(std::int64_t layers) : keys_(static_cast<std::size_t>(layers)), values_(static_cast<std::size_t>(layers)) {}

  // Tokens that every layer holds; moved on once a forward pass is through.
  std::int64_t length() const { return length_; }
  void advance(std::int64_t tokens) { length_ += tokens; }

  // Appends keys and values [kvHeads, S, headDim] of one layer and returns all of them, [kvHeads, length() + S, headDim].
  std::pair<at::Tensor, at::Tensor> append(std::int64_t layer, const at::Tensor& keys, const at::Tensor& values);

  // Forgets everything after the first `tokens`.
  void truncate(std::int64_t tokens);

  // Becomes equal to `other`, a cache of the same network; the first `shared` tokens are known to be the same and stay.
  void copyFrom(const KvCache& other, std::int64_t shared);

 private:
  std::vector<at::Tensor> keys_;  // [kvHeads, capacity, headDim], grown by doubling
  std::vector<at::Tensor> values_;
  std::int64_t length_ = 0;
};

}  // namespace orthoscribe::model
