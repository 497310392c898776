// SPDX-License-Identifier: GPL-2.0-or-later
// What experts for aspects are taught, made from captions (rsmoe_and_metrics.md sections 5.7, 5.8): conversations of the task
// "aspect", of the types "theme", "objects", "relationships", "router" and "fusion", and of the task "caption" for the dense
// start.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/learn/data/conversation.h"
#include "core/learn/data/record.h"

namespace orthoscribe::learn {

inline constexpr std::string_view kAspectTask = "aspect";

// The type of conversations that teach the expert of that number in the bank: the three aspects, the router, the fusion.
// Throws Error{InvalidInput} for a type that is none of them.
std::int64_t expertOfType(std::string_view type);
inline constexpr std::int64_t kAspectExperts = 5;
// The first of them: theme, objects, relationships.
inline constexpr std::int64_t kAspects = 3;
std::string_view typeOfExpert(std::int64_t expert);

// For one caption of one picture: the whole caption, then what each aspect that the caption speaks of is asked and says, what the
// router is to write for it, and what the fusion makes of the parts. number: of the caption in its set; it chooses among the ways
// of asking. image: as it is to stand in the file.
std::vector<Conversation> aspectConversations(const Record& record, std::string_view caption, const std::string& image,
                                              std::int64_t number);

}  // namespace orthoscribe::learn
