// SPDX-License-Identifier: GPL-2.0-or-later
// Cancellation as a value that is passed down: whoever works looks at the token between steps, or registers what
// wakes a blocking call.
#pragma once

#include <atomic>
#include <functional>
#include <memory>

namespace orthoscribe {

class CancelToken {
 public:
  // A token that nobody can cancel.
  CancelToken() = default;

  bool cancelled() const;
  // Throws Error{Cancelled} when cancelled.
  void throwIfCancelled() const;

  // Calls `wake` once, from the cancelling thread, when the token is cancelled (at once if it already is). The
  // returned handle removes the callback when destroyed; its destructor waits for a callback under way.
  [[nodiscard]] std::shared_ptr<void> onCancel(std::function<void()> wake) const;

 private:
  friend class CancelSource;
  struct State;
  explicit CancelToken(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

class CancelSource {
 public:
  CancelSource();
  CancelToken token() const;
  // Thread-safe; only the first call has an effect. Not for signal handlers.
  void cancel();

 private:
  std::shared_ptr<CancelToken::State> state_;
};

}  // namespace orthoscribe
