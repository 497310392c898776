// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/blocks/kv_cache.h"

#include <ATen/ATen.h>

#include <algorithm>

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

void KvCache::truncate(std::int64_t tokens) {
  length_ = std::min(length_, std::max<std::int64_t>(tokens, 0));
  if (length_ == 0) instruction_ = at::Tensor();
}

}  // namespace orthoscribe::model
