// SPDX-License-Identifier: GPL-2.0-or-later
// Answers token by token: cache, sampling or beams, streaming, ending.
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/cancel.h"
#include "core/base/vision_language_model.h"
#include "core/engine/answer_text.h"
#include "core/engine/beam_search.h"
#include "core/engine/decoding.h"
#include "core/engine/sequence.h"
#include "core/model/network.h"
#include "core/text/tokenizer.h"

namespace orthoscribe::engine {

// One of several answers that are made together.
struct RowRequest {
  SequenceInput prompt;
  GenerationOptions options;
};

class Generator {
 public:
  // Keeps references to network and tokenizer. defaults: for options that a caller leaves open.
  Generator(const model::Network& network, const text::Tokenizer& tokenizer, AnswerRules rules, GenerationDefaults defaults = {});

  // The contract of VisionLanguageModel::chat, for a prompt that is already assembled. With beams, what they all begin with is
  // handed on while they grow. Throws Error{InvalidInput} when the prompt does not fit the model's context or an option is out of
  // range.
  Reply answer(SequenceInput prompt, const GenerationOptions& options, const VisionLanguageModel::OnToken& onToken,
               const CancelToken& cancel);

  // Several answers at once, whose passes through the network are shared; each is as answer would give it. What was kept of the
  // last prompt is not used. Cancelled: what there is of each.
  std::vector<Reply> answerTogether(std::vector<RowRequest> rows, const CancelToken& cancel);

  // Exactly `count` most probable tokens, whatever they are: how reference implementations are compared.
  std::vector<text::TokenId> greedy(SequenceInput prompt, int count);

  // Answers of a beam search that only these tokens end, best first, as reference implementations give them. rules.endTokens is
  // filled in here.
  std::vector<Hypothesis> beams(SequenceInput prompt, BeamRules rules, const std::vector<text::TokenId>& endTokens);

  // Hears every pass from now on; null: nobody. Kept by reference.
  void setObserver(const model::Observer* observer) {
    observer_ = observer;
    sequence_.setObserver(observer);
  }

  // Tokens of the last prompt that needed no computing.
  std::int64_t reused() const { return sequence_.reused(); }

 private:
  const model::Network& network_;
  const text::Tokenizer& tokenizer_;
  AnswerRules rules_;
  GenerationDefaults defaults_;
  CachedSequence sequence_;
  const model::Observer* observer_ = nullptr;
};

}  // namespace orthoscribe::engine
