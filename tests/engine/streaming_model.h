// SPDX-License-Identifier: GPL-2.0-or-later
// A model for tests of servers and clients: it says back what it was asked, word by word, as slowly as it is told to.
#pragma once

#include <chrono>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "core/base/error.h"
#include "core/base/vision_language_model.h"

namespace orthoscribe::tests {

// Answers "N images, WxH each: TEXT" to the last message. Said in the request's text, these make it rude:
//   "[fail]" throws Error{InvalidInput}, "[crash]" throws something else, "[long]" speaks until it is cancelled or at its length,
//   "[silent]" says nothing until it is cancelled.
class StreamingModel final : public VisionLanguageModel {
 public:
  StreamingModel(std::string name, std::chrono::milliseconds tokenTime) : name_(std::move(name)), tokenTime_(tokenTime) {}

  Reply chat(const std::vector<Message>& messages, const GenerationOptions& options, const OnToken& onToken,
             const CancelToken& cancel) override {
    const Message& asked = messages.back();
    note("asked " + asked.text);
    if (asked.text.find("[fail]") != std::string::npos) throw Error(ErrorCode::InvalidInput, "this cannot be asked", "ask else");
    if (asked.text.find("[crash]") != std::string::npos) throw std::runtime_error("a tensor fell down");
    Reply reply;
    reply.usage.promptTokens = static_cast<std::int64_t>(messages.size());
    const bool endless = asked.text.find("[long]") != std::string::npos;
    while (asked.text.find("[silent]") != std::string::npos && !cancel.cancelled()) std::this_thread::sleep_for(tokenTime_);
    const auto words = wordsOf(asked);
    for (std::size_t index = 0; endless || index < words.size(); ++index) {
      if (cancel.cancelled()) {
        reply.stopReason = StopReason::Cancelled;
        break;
      }
      if (reply.usage.completionTokens == options.maxNewTokens) {
        reply.stopReason = StopReason::Length;
        break;
      }
      std::this_thread::sleep_for(tokenTime_);
      say(words[index % words.size()], options, onToken, reply);
    }
    if (options.routing)
      reply.routing = RoutingStatistics{
          .topK = 1,
          .routers = {{.place = "layer 0 of " + options.adapter, .usage = {0.25, 0.75}, .chosen = {1, 3}, .entropy = 0.0}}};
    if (options.aspects) {
      reply.aspects = AspectReport{.parts = {}, .router = "template", .fusion = "concat"};
      reply.aspects->parts.push_back(
          {.name = "theme", .instruction = "Describe the scene.", .text = "A scene.", .ownExpert = true});
    }
    note(reply.stopReason == StopReason::Cancelled ? "cancelled" : "answered");
    return reply;
  }

  ModelInfo info() override {
    return {.name = name_,
            .family = "streaming",
            .dialect = "plain",
            .contentHash = "00ff",
            .precision = "float32",
            .device = "cpu",
            .adapters = {"one"},
            .imageSidePx = 320,
            .groundResolutionM = 0.3,
            .classes = {"ship", "storage tank"},
            .offeredAdapters = {"one", "two"},
            .aspects = {"theme"}};
  }

 private:
  static std::vector<std::string> wordsOf(const Message& asked) {
    std::string text = std::to_string(asked.images.size()) + " images";
    for (const RgbImage& image : asked.images) text += ", " + std::to_string(image.width) + "x" + std::to_string(image.height);
    text += ": " + asked.text;
    std::vector<std::string> words;
    for (const char character : text) {
      if (words.empty() || character == ' ') words.emplace_back();
      words.back() += character;
    }
    return words;
  }

  static void say(const std::string& word, const GenerationOptions& options, const OnToken& onToken, Reply& reply) {
    GeneratedToken token{.text = word, .logProbability = -0.25, .alternatives = {}};
    for (int rank = 0; rank < options.topLogProbabilities; ++rank) {
      token.alternatives.push_back({.text = "alternative " + std::to_string(rank), .logProbability = -0.25 - rank});
    }
    reply.text += word;
    ++reply.usage.completionTokens;
    if (onToken) onToken(token);
    if (options.logProbabilities) reply.tokens.push_back(std::move(token));
  }

  // For tests that watch the process.
  static void note(const std::string& what) {
    std::fprintf(stderr, "model: %s\n", what.c_str());
    std::fflush(stderr);
  }

  std::string name_;
  std::chrono::milliseconds tokenTime_;
};

}  // namespace orthoscribe::tests
