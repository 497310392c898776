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

  // Positions int64 [axes, S] of the sequence's first S tokens, where they are more than their order (Network::positionsOf);
  // every token after them stands one further than the largest of them. Undefined: none. Not changed by truncate().
  void setPositions(at::Tensor positions);
  // Those of `count` tokens from `begin` on, [axes, count]; undefined when none were set.
  at::Tensor positions(std::int64_t begin, std::int64_t count) const;

  // Forgets everything after the first `tokens`; the instruction too when nothing is left.
  void truncate(std::int64_t tokens);

  // The mean row of the instruction's tokens, float32 [1, hiddenSize], by which sequence-level routers choose. Undefined until it
  // is set; must not change while anything is held.
  const at::Tensor& instruction() const { return instruction_; }
  void setInstruction(at::Tensor row) { instruction_ = std::move(row); }

  // The expert of the network's adapter bank that all its tokens go through; -1: the base alone. Must not change while anything
  // is held, since keys and values are that expert's.
  std::int64_t expert() const { return expert_; }
  void setExpert(std::int64_t expert) { expert_ = expert; }

  // Becomes equal to `other`, a cache of the same network; the first `shared` tokens are known to be the same and stay.
  void copyFrom(const KvCache& other, std::int64_t shared);

 private:
  std::vector<at::Tensor> keys_;  // [kvHeads, capacity, headDim], grown by doubling
  std::vector<at::Tensor> values_;
  at::Tensor instruction_;
  std::int64_t expert_ = -1;
  std::int64_t length_ = 0;
  at::Tensor positions_;           // [axes, S] on the CPU
  std::int64_t nextPosition_ = 0;  // of the token after them
};

}  // namespace orthoscribe::model
