// SPDX-License-Identifier: GPL-2.0-or-later
// A model that answers from a function: for tests of everything above the interface.
#pragma once

#include <atomic>
#include <functional>
#include <utility>

#include "core/base/vision_language_model.h"

namespace orthoscribe {

class ScriptedModel : public VisionLanguageModel {
 public:
  using Script = std::function<std::string(const std::vector<Message>&)>;
  ScriptedModel(ModelInfo modelInfo, Script script) : info_(std::move(modelInfo)), script_(std::move(script)) {}

  Reply chat(const std::vector<Message>& messages, const GenerationOptions& options, const OnToken& onToken,
             const CancelToken& cancel) override {
    Reply reply;
    ++calls_;
    if (cancel.cancelled()) {
      reply.stopReason = StopReason::Cancelled;
      return reply;
    }
    reply.text = script_(messages);
    GeneratedToken token{.text = reply.text, .logProbability = 0.0, .alternatives = {}};
    if (onToken) onToken(token);
    if (options.logProbabilities) reply.tokens.push_back(std::move(token));
    reply.usage = {.promptTokens = 1, .completionTokens = 1};
    return reply;
  }

  ModelInfo info() override { return info_; }
  int calls() const { return calls_; }

 private:
  ModelInfo info_;
  Script script_;
  std::atomic<int> calls_{0};
};

}  // namespace orthoscribe
