// SPDX-License-Identifier: GPL-2.0-or-later
// Which experts for aspects answer a question (rsmoe_and_metrics.md section 5.9).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/engine/aspects/aspect_set.h"

namespace orthoscribe::engine {

// Whether a wish is a question with a short answer: it ends with a question mark and wants no caption.
bool isQuestion(std::string_view wish);

// Numbers of the aspects that a question is about, by its words: a comparison or a place is for "relations", the kind of scene
// (rural, urban) for "theme", a count, a presence, a colour or an area for "objects". All of them where the words do not tell, or
// the set has no such aspect.
std::vector<std::size_t> aspectsAsked(std::string_view question, const AspectSet& set);

// As InstructBLIP's makers ask (section 3.12); and how answers are looked for (section 3.13).
std::string shortAnswerPrompt(std::string_view question);
constexpr int kShortAnswerTokens = 10;
constexpr int kShortAnswerBeams = 5;

}  // namespace orthoscribe::engine
