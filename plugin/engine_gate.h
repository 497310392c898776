// SPDX-License-Identifier: GPL-2.0-or-later
// Where background work waits until a model can be asked. Shared between the engine's owner (main thread) and jobs (any thread).
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "core/base/cancel.h"
#include "core/base/vision_language_model.h"
#include "core/client/http_model.h"

namespace orthoscribe::plugin {

// A model that can be asked, and what it says of itself.
struct ReadyModel {
  client::EndpointOptions endpoint;
  ModelInfo info;
};

class EngineGate {
 public:
  // Any thread. Asks the owner to start the engine when it is not running, and waits until the model can be asked. On the main
  // thread events other than the user's are served meanwhile. Throws Error{Unavailable} when it cannot be started,
  // Error{Cancelled}.
  ReadyModel await(const CancelToken& cancel);

  // The owner's side, main thread. requestStart may be called from any thread, under the gate's lock.
  void setOwner(std::function<void()> requestStart);
  void open(const ReadyModel& model);
  void fail(const std::string& reason);
  // Not running and nobody's fault.
  void reset();

 private:
  struct Outcome {
    std::optional<ReadyModel> model;
    std::string failure;
  };
  bool decided() const { return mOutcome.has_value(); }
  void decide(Outcome outcome);

  std::mutex mMutex;
  std::condition_variable mChanged;
  std::function<void()> mRequestStart;
  std::optional<Outcome> mOutcome;
};

}  // namespace orthoscribe::plugin
