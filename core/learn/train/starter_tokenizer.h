// SPDX-License-Identifier: GPL-2.0-or-later
// The starter's vocabulary: learned from captions, questions and facts, with one token for each number that boxes are spoken in.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "core/learn/data/question.h"
#include "core/learn/data/sample.h"
#include "core/text/tokenizer.h"

namespace orthoscribe::learn {

// Writes tokenizer.json and tokenizer_config.json. Returns the number of tokens. Throws Error{Io}.
std::int64_t trainStarterTokenizer(const std::vector<Sample>& samples, const std::vector<QuestionAnswer>& knowledge,
                                   const std::filesystem::path& folder);

// Ids of " 0".." 255". Throws Error{InvalidInput} when one is no single token.
std::vector<std::int64_t> numberTokens(const text::Tokenizer& tokenizer);

}  // namespace orthoscribe::learn
