// SPDX-License-Identifier: GPL-2.0-or-later
// A file of conversations divided into one file for each side.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "core/learn/data/conversation.h"
#include "core/learn/data/processing/source_split.h"

namespace orthoscribe::learn {

struct ConversationSplitOptions {
  std::vector<SplitSide> sides;
  std::uint64_t seed = 42;
  std::vector<std::vector<std::string>> lookAlikes;  // names of pictures
  std::set<std::string> excluded;                    // names of pictures whose conversations go to no side
};

struct SideSummary {
  std::string name;
  std::filesystem::path file;
  std::int64_t conversations = 0;
  std::int64_t sources = 0;
};

// What a conversation is unparted with: its source, else its first picture, else its id, else its question.
std::string sourceOf(const Conversation& conversation);
// The classes that it teaches: labels of its objects, the answer of a classification, or its task and type.
std::set<std::string> classesOf(const Conversation& conversation);

// Reads `input` twice, line by line, and writes folder/{side}.jsonl, with the names of pictures relative to there, and
// folder/split.json (side of each source, seed). Bad lines are told to the report. Throws Error{Io}, what splitBySource throws.
std::vector<SideSummary> splitConversations(const std::filesystem::path& input, const std::filesystem::path& folder,
                                            const ConversationSplitOptions& options, SkipReport& report);

}  // namespace orthoscribe::learn
