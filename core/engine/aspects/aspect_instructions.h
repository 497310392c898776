// SPDX-License-Identifier: GPL-2.0-or-later
// The instruction router's words (rsmoe_and_metrics.md section 5.3).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/engine/aspects/aspect_set.h"

namespace orthoscribe::engine {

// Whether a wish says no more than "describe this image" in some words, so that an aspect's own instruction says it all.
bool isPlainCaptionRequest(std::string_view wish);

// The template router: the aspect's own instruction, and after it what the user asked where that is more than a caption.
std::string templateInstruction(const Aspect& aspect, std::string_view wish);

// What the routing expert is asked; it is to answer with one line.
std::string routerPrompt(const Aspect& aspect, std::string_view wish);
constexpr int kRouterTokens = 32;

// The user's wish in a prompt for the routing or the fusing expert; else the prompt itself.
std::string wishIn(std::string_view prompt);

// The instruction in the routing expert's answer: its first line; nothing where that is empty, shorter than 3 words or without a
// letter, and the template is to be used.
std::optional<std::string> writtenInstruction(std::string_view answer);

}  // namespace orthoscribe::engine
