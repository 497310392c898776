// SPDX-License-Identifier: GPL-2.0-or-later
// An answer in the making that is handed the logits it waits for, so that several answers can share their passes through the
// network.
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <span>
#include <vector>

#include "core/base/cancel.h"
#include "core/base/vision_language_model.h"
#include "core/engine/answer_text.h"
#include "core/engine/decoding.h"
#include "core/engine/sequence.h"
#include "core/model/network.h"
#include "core/text/tokenizer.h"

namespace orthoscribe::engine {

class AnswerRun {
 public:
  virtual ~AnswerRun() = default;
  // Sequences to be computed next; none when the answer is whole.
  virtual const std::vector<CachedSequence*>& waiting() const = 0;
  // Their logits in that order, each float32 [vocabularySize] on the CPU.
  virtual void take(std::vector<at::Tensor> logits) = 0;
  // Once: the answer, or with StopReason::Cancelled what there is of it.
  virtual Reply finish() = 0;
};

// What an answer is made with; all references are kept.
struct AnswerMaking {
  const model::Network& network;
  const text::Tokenizer& tokenizer;
  const AnswerRules& rules;
  const GenerationDefaults& defaults;
};

// Drawn token by token, or searched with beams, as the options say. sequence: takes the prompt. onToken is kept by reference and
// may be empty. Throws Error{InvalidInput} for options out of range and for a prompt that leaves no room for an answer.
std::unique_ptr<AnswerRun> beginAnswer(const AnswerMaking& making, CachedSequence& sequence, SequenceInput prompt,
                                       const GenerationOptions& options, const VisionLanguageModel::OnToken& onToken);

// Until all are whole, or cancelled. No more than maxRows sequences go through the network in one pass, those of a run one after
// the other if need be; that changes nothing but memory and time. Returns whether they are whole.
bool runTogether(std::span<AnswerRun* const> runs, const CancelToken& cancel, std::size_t maxRows = 64);

// Throws Error{InvalidInput} when a prompt of that many tokens leaves no room for an answer.
void checkPromptFits(const model::Network& network, std::int64_t promptTokens);

}  // namespace orthoscribe::engine
