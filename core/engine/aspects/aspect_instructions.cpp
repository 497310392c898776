// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/aspects/aspect_instructions.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

#include "core/engine/aspects/aspect_text.h"

namespace orthoscribe::engine {
namespace {

// All that a wish for a caption is made of; a word besides says what else is wanted.
constexpr std::array<std::string_view, 61> kCaptionWords = {
    "a",          "about",   "aerial",  "all",     "an",       "and",       "as",       "at",          "brief",
    "briefly",    "can",     "caption", "content", "contents", "could",     "describe", "description", "detail",
    "detailed",   "details", "do",      "for",     "from",     "give",      "i",        "image",       "in",
    "is",         "it",      "look",    "map",     "me",       "notice",    "of",       "one",         "photo",
    "photograph", "picture", "please",  "provide", "remote",   "satellite", "scene",    "see",         "sensing",
    "sentence",   "short",   "shows",   "some",    "take",     "tell",      "that",     "the",         "this",
    "to",         "view",    "what",    "with",    "words",    "write",     "you"};

constexpr std::string_view kTask = "Task: ";

}  // namespace

bool isPlainCaptionRequest(std::string_view wish) {
  const std::vector<std::string> words = wordsOf(wish);
  return std::ranges::all_of(words, [](const std::string& word) { return std::ranges::count(kCaptionWords, word) > 0; });
}

std::string templateInstruction(const Aspect& aspect, std::string_view wish) {
  if (isPlainCaptionRequest(wish)) return aspect.instruction;
  return aspect.instruction + " The user asked: " + trimmedText(wish);
}

std::string routerPrompt(const Aspect& aspect, std::string_view wish) {
  return std::string(kTask) + trimmedText(wish) + "\nAspect: " + aspect.name +
         "\nWrite one instruction for the expert of this aspect.\nInstruction:";
}

std::string wishIn(std::string_view prompt) {
  if (!prompt.starts_with(kTask)) return std::string(prompt);
  const std::string_view rest = prompt.substr(kTask.size());
  return std::string(rest.substr(0, rest.find('\n')));
}

std::optional<std::string> writtenInstruction(std::string_view answer) {
  constexpr std::size_t kFewestWords = 3;
  const std::string text = trimmedText(answer);
  std::string line = trimmedText(std::string_view(text).substr(0, text.find('\n')));
  const bool hasLetter =
      std::ranges::any_of(line, [](char character) { return std::isalpha(static_cast<unsigned char>(character)) != 0; });
  if (!hasLetter || wordsOf(line).size() < kFewestWords) return std::nullopt;
  return line;
}

}  // namespace orthoscribe::engine
