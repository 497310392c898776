// SPDX-License-Identifier: GPL-2.0-or-later
// A conversation as a sequence of tokens of which some are to be learnt.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/engine/prompt.h"
#include "core/learn/data/conversation.h"
#include "core/learn/train/model_voice.h"

namespace orthoscribe::learn {

struct ConversationTokens {
  std::vector<text::TokenId> ids;
  std::vector<bool> learnt;              // one a token: whether it is to be said by the model
  std::vector<engine::ImageSpan> spans;  // places of the images' rows

  std::int64_t size() const { return static_cast<std::int64_t>(ids.size()); }
};

// Whether the family's template writes answers too. Else it knows one question at a time, and an answer follows what it writes.
bool writesAnswers(const ModelVoice& voice);

// A conversation for each of its answers, which ends with it: for models that hear what is asked before anything is computed, so
// that one sequence cannot hold two questions. Without what was said before where the family's template knows one question alone.
// Throws Error{InvalidInput} for a conversation that ends with no answer.
std::vector<Conversation> answersApart(const Conversation& conversation, const ModelVoice& voice);

// The prompt that asks for the last answer, as the family's template writes it; pictures' marks are not expanded. Throws
// Error{InvalidInput} for a conversation that ends with no answer.
std::string askedText(const Conversation& conversation, const ModelVoice& voice);

enum class LearntTurns {
  All,   // every answer
  Last,  // the last answer alone, as preferences are judged
};

// Learnt are the answers with the text that ends them; the system, questions, what the template puts between, and images are not
// (rscovlm.md section 7, skynova.md 2.2). The whole is tokenised at once, as the engine tokenises a prompt, and piece by piece
// where a token would reach over the beginning or end of an answer. rowsPerImage: rows that each picture takes. Beyond maxTokens
// it is cut. Throws Error{InvalidInput} for a conversation that ends with no answer and for pictures that maxTokens leaves no
// room for; Error{Unsupported} for templates that write an answer otherwise than they ask for it.
ConversationTokens tokensOf(const Conversation& conversation, const ModelVoice& voice, std::span<const std::int64_t> rowsPerImage,
                            LearntTurns learnt, std::int64_t maxTokens);

}  // namespace orthoscribe::learn
