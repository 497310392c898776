// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/engine_gate.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QThread>
#include <chrono>

#include "core/base/error.h"

namespace orthoscribe::plugin {
namespace {

bool onMainThread() {
  return QCoreApplication::instance() != nullptr && QThread::currentThread() == QCoreApplication::instance()->thread();
}

}  // namespace

ReadyModel EngineGate::await(const CancelToken& cancel) {
  const auto wake = cancel.onCancel([this] {
    // The lock orders this after the waiter's look at the token.
    const std::lock_guard lock(mMutex);
    mChanged.notify_all();
  });
  std::unique_lock lock(mMutex);
  // An earlier failure is no reason not to try again.
  if (decided() && !mOutcome->model) mOutcome.reset();
  if (!decided()) {
    if (!mRequestStart) throw Error(ErrorCode::Unavailable, "Orthoscribe was switched off", "Enable the plugin again");
    mRequestStart();
  }
  while (!decided() && mRequestStart && !cancel.cancelled()) {
    if (onMainThread()) {
      lock.unlock();
      QEventLoop().processEvents(QEventLoop::ExcludeUserInputEvents | QEventLoop::WaitForMoreEvents, 50);
      lock.lock();
    } else {
      mChanged.wait(lock);
    }
  }
  cancel.throwIfCancelled();
  if (!decided()) throw Error(ErrorCode::Unavailable, "Orthoscribe was switched off", "Enable the plugin again");
  if (!mOutcome->model) throw Error(ErrorCode::Unavailable, mOutcome->failure);
  return *mOutcome->model;
}

void EngineGate::setOwner(std::function<void()> requestStart) {
  const std::lock_guard lock(mMutex);
  mRequestStart = std::move(requestStart);
  mOutcome.reset();
  mChanged.notify_all();
}

void EngineGate::decide(Outcome outcome) {
  const std::lock_guard lock(mMutex);
  mOutcome = std::move(outcome);
  mChanged.notify_all();
}

void EngineGate::open(const ReadyModel& model) {
  decide({.model = model, .failure = {}});
}

void EngineGate::fail(const std::string& reason) {
  decide({.model = std::nullopt, .failure = reason});
}

void EngineGate::reset() {
  const std::lock_guard lock(mMutex);
  mOutcome.reset();
  mChanged.notify_all();
}

}  // namespace orthoscribe::plugin
