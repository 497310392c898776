// SPDX-License-Identifier: GPL-2.0-or-later
// The conversations of fixtures as the program's messages.
#pragma once

#include <filesystem>
#include <vector>

#include "core/base/vision_language_model.h"

namespace orthoscribe::engine::verify {

// messages.json: [{role, content}] with texts or parts (message_parts.h), or InternVL's {system, turns: [{question, answer}]},
// whose questions mark images with
// "<image>". Images go to the messages that mark them, in order; without a mark, to the first question (skynova.md 1.3).
// Throws Error{InvalidInput} for another form or when marks and images do not match, Error{Unsupported} for parts of
// other kinds than text and image.
std::vector<Message> caseMessages(const std::filesystem::path& file, std::vector<RgbImage> images);

}  // namespace orthoscribe::engine::verify
