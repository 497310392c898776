// SPDX-License-Identifier: GPL-2.0-or-later
// Turns an answer's tokens into a reply, and hands them on as they come.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/vision_language_model.h"
#include "core/engine/answer_text.h"
#include "core/text/tokenizer.h"

namespace orthoscribe::engine {

class AnswerRecorder {
 public:
  // Keeps references to all of them.
  AnswerRecorder(const text::Tokenizer& tokenizer, const AnswerRules& rules, const GenerationOptions& options,
                 const VisionLanguageModel::OnToken& onToken);

  // What the options ask to be told of a token: its log-probability and the alternatives. Without text.
  GeneratedToken describe(text::TokenId id, std::span<const float> logits) const;

  // The next token of the answer, not an end token. Not after stopped().
  void take(text::TokenId id, GeneratedToken described);
  // Whether a stop text was met.
  bool stopped() const { return text_.stopped(); }
  const AnswerText& text() const { return text_; }

  void setUsage(const Usage& usage) { reply_.usage = usage; }
  // Says of what the answer's end is made.
  void setRepeated(std::span<const text::TokenId> period);

  // Once, when no more tokens come.
  Reply finish(StopReason reason);

 private:
  void handOn(std::vector<GeneratedToken> tokens);

  const text::Tokenizer& tokenizer_;
  const GenerationOptions& options_;
  const VisionLanguageModel::OnToken& onToken_;
  AnswerText text_;
  Reply reply_;
};

}  // namespace orthoscribe::engine
