// SPDX-License-Identifier: GPL-2.0-or-later
// Makes the next batches in one thread while the model works on the last one.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace orthoscribe::learn {

template <typename Batch>
class Prefetch {
 public:
  // make(number) is called for first, first + 1, ... in the worker thread, at most `ahead` batches ahead of next().
  Prefetch(std::function<Batch(std::int64_t)> make, std::int64_t first, std::size_t ahead = 3)
      : make_(std::move(make)), number_(first), ahead_(ahead), worker_([this](const std::stop_token& stop) { work(stop); }) {}

  // Batches in order. Rethrows what make() threw.
  Batch next() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !ready_.empty() || failure_; });
    if (ready_.empty()) std::rethrow_exception(failure_);
    Batch batch = std::move(ready_.front());
    ready_.pop_front();
    changed_.notify_all();
    return batch;
  }

 private:
  void work(const std::stop_token& stop) {
    try {
      while (!stop.stop_requested()) {
        Batch batch = make_(number_++);
        std::unique_lock lock(mutex_);
        if (!changed_.wait(lock, stop, [this] { return ready_.size() < ahead_; })) return;
        ready_.push_back(std::move(batch));
        changed_.notify_all();
      }
    } catch (...) {
      const std::scoped_lock lock(mutex_);
      failure_ = std::current_exception();
      changed_.notify_all();
    }
  }

  std::function<Batch(std::int64_t)> make_;
  std::int64_t number_;
  std::size_t ahead_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Batch> ready_;
  std::exception_ptr failure_;
  std::jthread worker_;  // last: it stops before the rest goes
};

}  // namespace orthoscribe::learn
