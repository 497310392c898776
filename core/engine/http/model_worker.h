// SPDX-License-Identifier: GPL-2.0-or-later
// The one thread that owns the model: it loads it, answers what the queue holds, one after the other, and destroys it.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "core/base/error.h"
#include "core/base/vision_language_model.h"
#include "core/engine/http/metrics.h"
#include "core/engine/http/request_queue.h"

namespace orthoscribe::engine::http {

class ModelWorker {
 public:
  using Loader = std::function<std::shared_ptr<VisionLanguageModel>()>;

  // Keeps the references. onFailure is called on the worker's thread when the model cannot be loaded.
  ModelWorker(RequestQueue& queue, Metrics& metrics) : queue_(queue), metrics_(metrics) {}
  ~ModelWorker();
  ModelWorker(const ModelWorker&) = delete;
  ModelWorker& operator=(const ModelWorker&) = delete;

  void start(Loader load, std::function<void()> onFailure);
  // Closes the queue and cancels what is under way; does not wait.
  void requestStop();
  // Waits for the thread. A model that is still being loaded is waited for.
  void join();

  // Thread-safe. Nothing until the model is loaded.
  std::optional<ModelInfo> info() const;
  // Why loading failed.
  std::optional<Error> failure() const;
  bool busy() const;

 private:
  void work(const Loader& load, const std::function<void()>& onFailure);
  std::shared_ptr<VisionLanguageModel> tryToLoad(const Loader& load);
  void serve(VisionLanguageModel& model, ChatJob& job);
  Reply answer(VisionLanguageModel& model, ChatJob& job);

  RequestQueue& queue_;
  Metrics& metrics_;
  mutable std::mutex mutex_;
  std::optional<ModelInfo> info_;
  std::optional<Error> failure_;
  std::shared_ptr<ChatJob> current_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace orthoscribe::engine::http
