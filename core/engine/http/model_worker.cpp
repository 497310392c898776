// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/http/model_worker.h"

#include <chrono>
#include <exception>
#include <string>
#include <utility>

#include "core/base/log.h"

namespace orthoscribe::engine::http {
namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

ModelWorker::~ModelWorker() {
  requestStop();
  join();
}

void ModelWorker::start(Loader load, std::function<void()> onFailure) {
  thread_ = std::thread([this, load = std::move(load), onFailure = std::move(onFailure)] { work(load, onFailure); });
}

void ModelWorker::requestStop() {
  queue_.close();
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  if (current_) current_->cancel();
}

void ModelWorker::join() {
  if (thread_.joinable()) thread_.join();
}

std::optional<ModelInfo> ModelWorker::info() const {
  const std::lock_guard lock(mutex_);
  return info_;
}

std::optional<Error> ModelWorker::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

bool ModelWorker::busy() const {
  const std::lock_guard lock(mutex_);
  return current_ != nullptr;
}

std::shared_ptr<VisionLanguageModel> ModelWorker::tryToLoad(const Loader& load) {
  std::optional<Error> failure;
  try {
    auto model = load();
    ModelInfo loaded = model->info();
    const std::lock_guard lock(mutex_);
    info_ = std::move(loaded);
    return model;
  } catch (const Error& error) {
    failure = error;
  } catch (const std::exception& error) {
    failure = Error(ErrorCode::Internal, std::string("the model cannot be loaded: ") + error.what());
  }
  const std::lock_guard lock(mutex_);
  failure_ = std::move(failure);
  return nullptr;
}

void ModelWorker::work(const Loader& load, const std::function<void()>& onFailure) {
  const auto model = tryToLoad(load);
  if (!model) {
    onFailure();
    return;
  }
  while (const auto job = queue_.pop()) {
    {
      const std::lock_guard lock(mutex_);
      current_ = job;
      // Between the queue and here a stop would miss this job.
      if (stopping_) job->cancel();
    }
    serve(*model, *job);
    const std::lock_guard lock(mutex_);
    current_ = nullptr;
  }
}

void ModelWorker::serve(VisionLanguageModel& model, ChatJob& job) {
  metrics_.addQueueTime(secondsSince(job.accepted()));
  try {
    job.publish(answer(model, job));
  } catch (const Error& error) {
    job.publish(error);
  } catch (const std::exception& error) {
    log::error(std::string("the model failed: ") + error.what());
    job.publish(Error(ErrorCode::Internal, std::string("the model failed: ") + error.what()));
  }
}

Reply ModelWorker::answer(VisionLanguageModel& model, ChatJob& job) {
  const auto started = Clock::now();
  bool first = true;
  const auto onToken = [&](const GeneratedToken& token) {
    if (std::exchange(first, false)) metrics_.addFirstTokenTime(secondsSince(job.accepted()));
    // An answer in one piece needs no tokens.
    if (job.request().stream) job.publish(token);
  };
  Reply reply = model.chat(job.request().messages, job.request().options, onToken, job.cancelToken());
  metrics_.countAnswer(reply.usage, secondsSince(started));
  return reply;
}

}  // namespace orthoscribe::engine::http
