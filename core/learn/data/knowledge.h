// SPDX-License-Identifier: GPL-2.0-or-later
// Closed-book questions with their answers, to be learned by heart.
#pragma once

#include <filesystem>
#include <vector>

#include "core/learn/data/question.h"

namespace orthoscribe::learn {

struct Knowledge {
  std::vector<QuestionAnswer> train;
  std::vector<QuestionAnswer> paraphrase;  // the same facts in words that are not in `train`
};

// The benchmark's questions as they are asked, made from a folder with tables of facts. Throws as makeBenchmark.
Knowledge knowledgeFrom(const std::filesystem::path& facts);

}  // namespace orthoscribe::learn
