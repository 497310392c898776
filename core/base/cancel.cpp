// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/cancel.h"

#include <map>
#include <mutex>
#include <utility>

#include "core/base/error.h"

namespace orthoscribe {

struct CancelToken::State {
  std::atomic<bool> cancelled{false};
  // Recursive, because a callback may drop its own handle.
  std::recursive_mutex mutex;
  std::map<int, std::function<void()>> callbacks;
  int nextKey = 0;
};

CancelToken::CancelToken(std::shared_ptr<State> state) : state_(std::move(state)) {}

bool CancelToken::cancelled() const {
  return state_ && state_->cancelled.load(std::memory_order_relaxed);
}

void CancelToken::throwIfCancelled() const {
  if (cancelled()) throw Error(ErrorCode::Cancelled, "cancelled");
}

std::shared_ptr<void> CancelToken::onCancel(std::function<void()> wake) const {
  if (!state_) return nullptr;
  const std::lock_guard lock(state_->mutex);
  if (state_->cancelled) {
    wake();
    return nullptr;
  }
  const int key = state_->nextKey++;
  state_->callbacks.emplace(key, std::move(wake));
  return {nullptr, [state = state_, key](void*) {
            const std::lock_guard removalLock(state->mutex);
            state->callbacks.erase(key);
          }};
}

CancelSource::CancelSource() : state_(std::make_shared<CancelToken::State>()) {}

CancelToken CancelSource::token() const {
  return CancelToken(state_);
}

void CancelSource::cancel() {
  const std::lock_guard lock(state_->mutex);
  if (state_->cancelled.exchange(true)) return;
  const auto callbacks = std::exchange(state_->callbacks, {});
  for (const auto& [key, wake] : callbacks) wake();
}

}  // namespace orthoscribe
