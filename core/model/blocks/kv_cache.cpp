// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/blocks/kv_cache.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace orthoscribe::model {
namespace {

constexpr std::int64_t kFirstCapacity = 64;

// `store` with room for `needed` tokens; its first `used` ones are kept.
at::Tensor withRoom(const at::Tensor& store, const at::Tensor& like, std::int64_t used, std::int64_t needed) {
  if (store.defined() && store.size(1) >= needed) return store;
  const std::int64_t doubled = store.defined() ? store.size(1) * 2 : kFirstCapacity;
  at::Tensor grown = at::empty({like.size(0), std::max(needed, doubled), like.size(2)}, like.options().requires_grad(false));
  if (used > 0) grown.narrow(1, 0, used).copy_(store.narrow(1, 0, used));
  return grown;
}

}  // namespace

std::pair<at::Tensor, at::Tensor> KvCache::append(std::int64_t layer, const at::Tensor& keys, const at::Tensor& values) {
  const auto index = static_cast<std::size_t>(layer);
  const std::int64_t tokens = keys.size(1);
  const std::int64_t total = length_ + tokens;
  keys_.at(index) = withRoom(keys_.at(index), keys, length_, total);
  values_.at(index) = withRoom(values_.at(index), values, length_, total);
  keys_[index].narrow(1, length_, tokens).copy_(keys);
  values_[index].narrow(1, length_, tokens).copy_(values);
  return {keys_[index].narrow(1, 0, total), values_[index].narrow(1, 0, total)};
}

void KvCache::setPositions(at::Tensor positions) {
  positions_ = std::move(positions);
  nextPosition_ = positions_.defined() && positions_.numel() > 0 ? positions_.max().item<std::int64_t>() + 1 : 0;
}

at::Tensor KvCache::positions(std::int64_t begin, std::int64_t count) const {
  if (!positions_.defined()) return {};
  const std::int64_t placed = positions_.size(1);
  const std::int64_t known = std::clamp<std::int64_t>(placed - begin, 0, count);
  const std::int64_t after = nextPosition_ + std::max(begin, placed) - placed;
  const at::Tensor following = at::arange(after, after + count - known, positions_.options()).expand({positions_.size(0), -1});
  return known == 0 ? following : at::cat({positions_.narrow(1, begin, known), following}, 1);
}

void KvCache::truncate(std::int64_t tokens) {
  length_ = std::min(length_, std::max<std::int64_t>(tokens, 0));
  if (length_ == 0) instruction_ = at::Tensor();
}

void KvCache::copyFrom(const KvCache& other, std::int64_t shared) {
  const std::int64_t kept = std::min({std::max<std::int64_t>(shared, 0), length_, other.length_});
  const auto copied = [&](const at::Tensor& mine, const at::Tensor& theirs) {
    if (!theirs.defined()) return mine;
    at::Tensor store = withRoom(mine, theirs, kept, other.length_);
    store.narrow(1, kept, other.length_ - kept).copy_(theirs.narrow(1, kept, other.length_ - kept));
    return store;
  };
  std::vector<at::Tensor> keys, values;
  for (std::size_t layer = 0; layer < keys_.size(); ++layer) {
    keys.push_back(copied(keys_[layer], other.keys_.at(layer)));
    values.push_back(copied(values_[layer], other.values_.at(layer)));
  }
  // With all else that a cache carries; only its stores are not shared.
  *this = other;
  keys_ = std::move(keys);
  values_ = std::move(values);
}

}  // namespace orthoscribe::model
