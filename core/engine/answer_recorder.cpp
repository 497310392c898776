// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/answer_recorder.h"

#include <utility>

#include "core/base/text_encoding.h"
#include "core/engine/sampler.h"

namespace orthoscribe::engine {

AnswerRecorder::AnswerRecorder(const text::Tokenizer& tokenizer, const AnswerRules& rules, const GenerationOptions& options,
                               const VisionLanguageModel::OnToken& onToken)
    : tokenizer_(tokenizer), options_(options), onToken_(onToken), text_(tokenizer, rules, options.stop) {}

GeneratedToken AnswerRecorder::describe(text::TokenId id, std::span<const float> logits) const {
  GeneratedToken token;
  if (!options_.logProbabilities) return token;
  token.logProbability = logits[static_cast<std::size_t>(id)] - logSumExp(logits);
  for (const ScoredToken& other : mostProbable(logits, options_.topLogProbabilities))
    token.alternatives.push_back({text_.textOf(other.id), other.logProbability});
  return token;
}

void AnswerRecorder::take(text::TokenId id, GeneratedToken described) {
  handOn(text_.add(id, std::move(described)));
}

void AnswerRecorder::setRepeated(std::span<const text::TokenId> period) {
  reply_.repeated = repairUtf8(tokenizer_.decode(period, true));
}

Reply AnswerRecorder::finish(StopReason reason) {
  handOn(text_.finish());
  reply_.stopReason = reason;
  return std::move(reply_);
}

void AnswerRecorder::handOn(std::vector<GeneratedToken> tokens) {
  for (GeneratedToken& token : tokens) {
    reply_.text += token.text;
    // A token without text tells a listener nothing, unless it counts probabilities.
    if (onToken_ && (options_.logProbabilities || !token.text.empty())) onToken_(token);
    if (options_.logProbabilities) reply_.tokens.push_back(std::move(token));
  }
}

}  // namespace orthoscribe::engine
