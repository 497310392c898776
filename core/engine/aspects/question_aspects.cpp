// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/aspects/question_aspects.h"

#include <algorithm>
#include <initializer_list>
#include <numeric>

#include "core/engine/aspects/aspect_instructions.h"
#include "core/engine/aspects/aspect_text.h"

namespace orthoscribe::engine {
namespace {

using Phrases = std::initializer_list<std::string_view>;

// " how many " within the words of a question.
bool holdsAny(const std::string& words, Phrases phrases) {
  return std::ranges::any_of(
      phrases, [&](std::string_view phrase) { return words.find(" " + std::string(phrase) + " ") != std::string::npos; });
}

std::string joinedWords(std::string_view text) {
  std::string joined = " ";
  for (const std::string& word : wordsOf(text)) joined += word + " ";
  return joined;
}

// "Are there more roads than buildings?" is a comparison, whatever it begins with; so the order counts.
std::string_view aspectOf(std::string_view question) {
  const std::string words = joinedWords(question);
  if (holdsAny(words, {"more", "less", "fewer", "than", "equal", "same", "larger", "smaller", "compare", "compared"}))
    return "relations";
  if (holdsAny(words, {"rural", "urban", "scene", "theme", "land use", "kind of area", "type of area", "kind of image",
                       "type of image", "resolution"}))
    return "theme";
  if (holdsAny(words, {"how many", "how much", "how large", "how big", "number", "count", "amount", "is there", "are there",
                       "present", "presence", "color", "colour", "colors", "colours", "area", "size"}))
    return "objects";
  if (holdsAny(words, {"where",  "position", "left",  "right", "top",  "bottom",  "upper",    "lower",   "center",  "centre",
                       "middle", "corner",   "side",  "next",  "near", "between", "along",    "around",  "beside",  "above",
                       "below",  "north",    "south", "east",  "west", "far",     "relative", "located", "location"}))
    return "relations";
  return {};
}

}  // namespace

bool isQuestion(std::string_view wish) {
  return trimmedText(wish).ends_with('?') && !isPlainCaptionRequest(wish);
}

std::vector<std::size_t> aspectsAsked(std::string_view question, const AspectSet& set) {
  const std::string_view name = aspectOf(question);
  const auto found = std::ranges::find(set.aspects, name, &Aspect::name);
  if (found != set.aspects.end()) return {static_cast<std::size_t>(found - set.aspects.begin())};
  std::vector<std::size_t> all(set.aspects.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

std::string shortAnswerPrompt(std::string_view question) {
  return "Question: " + trimmedText(question) + " Short answer:";
}

}  // namespace orthoscribe::engine
