// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/generator.h"

#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <span>
#include <string>
#include <utility>

#include "core/base/error.h"
#include "core/engine/sampler.h"

namespace orthoscribe::engine {
namespace {

std::span<const float> valuesOf(const at::Tensor& logits) {
  return {logits.const_data_ptr<float>(), static_cast<std::size_t>(logits.numel())};
}

GeneratedToken scored(text::TokenId id, std::span<const float> logits, const GenerationOptions& options, const AnswerText& text) {
  GeneratedToken token;
  if (!options.logProbabilities) return token;
  token.logProbability = logits[static_cast<std::size_t>(id)] - logSumExp(logits);
  for (const ScoredToken& other : mostProbable(logits, options.topLogProbabilities))
    token.alternatives.push_back({text.textOf(other.id), other.logProbability});
  return token;
}

// Collects the reply and hands tokens on.
class Recorder {
 public:
  Recorder(Reply& reply, const GenerationOptions& options, const VisionLanguageModel::OnToken& onToken)
      : reply_(reply), keepTokens_(options.logProbabilities), onToken_(onToken) {}

  void take(std::vector<GeneratedToken> tokens) {
    for (GeneratedToken& token : tokens) {
      reply_.text += token.text;
      // A token without text tells a listener nothing, unless it counts probabilities.
      if (onToken_ && (keepTokens_ || !token.text.empty())) onToken_(token);
      if (keepTokens_) reply_.tokens.push_back(std::move(token));
    }
  }

 private:
  Reply& reply_;
  bool keepTokens_;
  const VisionLanguageModel::OnToken& onToken_;
};

void checkOptions(const GenerationOptions& options) {
  if (options.maxNewTokens < 1)
    throw Error(ErrorCode::InvalidInput, "max_tokens is " + std::to_string(options.maxNewTokens), "give 1 or more");
  if (options.topLogProbabilities < 0 || options.topLogProbabilities > 20)
    throw Error(ErrorCode::InvalidInput, "top_logprobs is " + std::to_string(options.topLogProbabilities), "give 0 to 20");
}

}  // namespace

Generator::Generator(const model::Network& network, const text::Tokenizer& tokenizer, AnswerRules rules)
    : network_(network), tokenizer_(tokenizer), rules_(std::move(rules)), sequence_(network) {}

void Generator::checkFits(std::int64_t promptTokens) const {
  const std::int64_t limit = network_.traits().maxPositions;
  if (promptTokens < limit) return;
  throw Error(ErrorCode::InvalidInput,
              "the conversation with its images takes " + std::to_string(promptTokens) + " tokens, the model sees at most " +
                  std::to_string(limit) + " with its answer",
              "start a new conversation, or send fewer or smaller images");
}

Reply Generator::answer(SequenceInput prompt, const GenerationOptions& options, const VisionLanguageModel::OnToken& onToken,
                        const CancelToken& cancel) {
  const at::NoGradGuard noGradients;
  checkOptions(options);
  Sampler sampler(options);
  const auto promptTokens = static_cast<std::int64_t>(prompt.ids.size());
  checkFits(promptTokens);
  const std::int64_t limit = std::min<std::int64_t>(options.maxNewTokens, network_.traits().maxPositions - promptTokens);

  Reply reply;
  reply.usage.promptTokens = promptTokens;
  reply.stopReason = StopReason::Length;
  AnswerText text(tokenizer_, rules_, options.stop);
  Recorder recorder(reply, options, onToken);
  std::vector<text::TokenId> seen = prompt.ids;
  try {
    at::Tensor logits = sequence_.start(std::move(prompt), cancel);
    while (true) {
      cancel.throwIfCancelled();
      const text::TokenId id = sampler.choose(valuesOf(logits), seen);
      seen.push_back(id);
      ++reply.usage.completionTokens;
      if (rules_.endTokens.contains(id)) {
        reply.stopReason = StopReason::EndOfAnswer;
        break;
      }
      recorder.take(text.add(id, scored(id, valuesOf(logits), options, text)));
      if (text.stopped()) {
        reply.stopReason = StopReason::EndOfAnswer;
        break;
      }
      if (reply.usage.completionTokens >= limit) break;
      logits = sequence_.append(id, cancel);
    }
  } catch (const Error& error) {
    if (error.code() != ErrorCode::Cancelled) throw;
    reply.stopReason = StopReason::Cancelled;
  }
  recorder.take(text.finish());
  return reply;
}

std::vector<text::TokenId> Generator::greedy(SequenceInput prompt, int count) {
  const at::NoGradGuard noGradients;
  checkFits(static_cast<std::int64_t>(prompt.ids.size()));
  Sampler sampler{GenerationOptions{}};
  std::vector<text::TokenId> ids;
  at::Tensor logits = sequence_.start(std::move(prompt), {});
  while (static_cast<int>(ids.size()) < count) {
    if (!ids.empty()) logits = sequence_.append(ids.back(), {});
    ids.push_back(sampler.choose(valuesOf(logits), {}));
  }
  return ids;
}

}  // namespace orthoscribe::engine
