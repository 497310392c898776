// SPDX-License-Identifier: GPL-2.0-or-later
// Questions about a view and their answers, made from labels, counts, attributes and captions.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/learn/data/view.h"

namespace orthoscribe::learn {

struct QuestionAnswer {
  std::string question;
  std::string answer;
};

// How a class is spoken of in questions.
struct Wording {
  std::string_view one;     // "a car"
  std::string_view plural;  // "cars"
};
Wording wordingOf(int objectClass);

QuestionAnswer sceneQuestion(int scene, Random& random);
QuestionAnswer describeQuestion(const std::string& caption, const std::string& detail, Random& random);
// Whether a text says where in the picture something lies, so that it holds for the unturned picture only.
bool speaksOfDirections(std::string_view text);
QuestionAnswer presenceQuestion(std::string_view plural, bool present, Random& random);
QuestionAnswer countQuestion(int objectClass, int count, Random& random);
std::string detectQuestion(int objectClass, Random& random);
// What the starter's dialect asks, word for word.
std::string plainDetectQuestion(int objectClass);

// One line for each object, "airplane 120 64 55 48 30" (centre x, y, long side, short side, angle), or "none".
std::string detectAnswer(int objectClass, std::span<const std::array<int, 5>> objects);

// Plural of an attribute as it is asked for; empty for those that an object class covers better.
std::string_view attributeWords(std::size_t attribute);

// Every fixed text a question or answer is made of, for the tokenizer to learn from.
std::vector<std::string> phraseCorpus();

}  // namespace orthoscribe::learn
