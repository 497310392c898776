// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/question.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace orthoscribe::learn {
namespace {

constexpr std::array<Wording, kObjectClassCount> kWordings = {{{"an airplane", "airplanes"},
                                                               {"a ship", "ships"},
                                                               {"a car", "cars"},
                                                               {"a truck", "trucks"},
                                                               {"a storage tank", "storage tanks"},
                                                               {"a tennis court", "tennis courts"},
                                                               {"a baseball diamond", "baseball diamonds"},
                                                               {"a building", "buildings"},
                                                               {"a swimming pool", "swimming pools"}}};

constexpr std::array<std::string_view, 8> kSceneQuestions = {"What kind of scene is this?",
                                                             "What type of scene is shown?",
                                                             "Which scene class is this?",
                                                             "Classify this image.",
                                                             "Classify the scene.",
                                                             "What is the scene class of this image?",
                                                             "What land use does this image show?",
                                                             "What kind of place is this?"};
constexpr std::array<std::string_view, 7> kDescribeQuestions = {
    "Describe this image.",   "Describe the image.",  "Describe this image in detail.",   "What does the image show?",
    "What can be seen here?", "Describe this place.", "Give a description of this image."};
// '#' stands for the plural.
constexpr std::array<std::string_view, 5> kPresenceQuestions = {
    "Are there any #?", "Are there # in this image?", "Is there any sign of #?", "Can you see #?", "Does the image show #?"};
constexpr std::array<std::string_view, 4> kCountQuestions = {"How many # are there?", "How many # are in this image?",
                                                             "Count the #.", "What is the number of #?"};
constexpr std::array<std::string_view, 5> kDetectQuestions = {"Detect all #.", "Find all #.", "Find the #.", "Where are the #?",
                                                              "Locate the #."};

constexpr std::array<std::string_view, kAttributeCount> kAttributeWords = {
    "water", "trees", "grass",     "bare soil",      "sand",  "pavement",      "roads", "buildings",
    "cars",  "boats", "airplanes", "swimming pools", "crops", "tennis courts", "docks"};

constexpr std::array<std::string_view, 15> kDirections = {"left",     "right", "top",   "bottom",   "upper",
                                                          "lower",    "above", "below", "vertical", "horizontal",
                                                          "diagonal", "north", "south", "east",     "west"};

template <std::size_t Count>
std::string oneOf(const std::array<std::string_view, Count>& phrases, Random& random) {
  return std::string(phrases[random() % Count]);
}

std::string withPlural(std::string phrase, std::string_view plural) {
  const std::size_t at = phrase.find('#');
  return phrase.replace(at, 1, plural);
}

}  // namespace

Wording wordingOf(int objectClass) {
  return kWordings[static_cast<std::size_t>(objectClass)];
}

QuestionAnswer sceneQuestion(int scene, Random& random) {
  // The first phrasing is the one users are told about, so it is asked most.
  const std::string question = uniform(random, 0, 1) < 0.4 ? std::string(kSceneQuestions[0]) : oneOf(kSceneQuestions, random);
  return {question, std::string(kScenes[static_cast<std::size_t>(scene)])};
}

QuestionAnswer describeQuestion(const std::string& caption, const std::string& detail, Random& random) {
  const std::string question =
      uniform(random, 0, 1) < 0.4 ? std::string(kDescribeQuestions[0]) : oneOf(kDescribeQuestions, random);
  return {question, detail.empty() ? caption : caption + " " + detail};
}

bool speaksOfDirections(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return std::any_of(kDirections.begin(), kDirections.end(),
                     [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

QuestionAnswer presenceQuestion(std::string_view plural, bool present, Random& random) {
  return {withPlural(oneOf(kPresenceQuestions, random), plural), present ? "yes" : "no"};
}

QuestionAnswer countQuestion(int objectClass, int count, Random& random) {
  return {withPlural(oneOf(kCountQuestions, random), wordingOf(objectClass).plural), std::to_string(count)};
}

std::string plainDetectQuestion(int objectClass) {
  return "Detect: " + std::string(kObjectClasses[static_cast<std::size_t>(objectClass)]);
}

std::string detectQuestion(int objectClass, Random& random) {
  if (uniform(random, 0, 1) < 0.7) return plainDetectQuestion(objectClass);
  return withPlural(oneOf(kDetectQuestions, random), wordingOf(objectClass).plural);
}

std::string detectAnswer(int objectClass, std::span<const std::array<int, 5>> objects) {
  if (objects.empty()) return "none";
  std::string answer;
  for (const std::array<int, 5>& numbers : objects) {
    if (!answer.empty()) answer += "\n";
    answer += kObjectClasses[static_cast<std::size_t>(objectClass)];
    for (const int number : numbers) answer += " " + std::to_string(number);
  }
  return answer;
}

std::string_view attributeWords(std::size_t attribute) {
  return kAttributeWords[attribute];
}

std::vector<std::string> phraseCorpus() {
  std::vector<std::string> corpus;
  for (const auto phrase : kSceneQuestions) corpus.emplace_back(phrase);
  for (const auto phrase : kDescribeQuestions) corpus.emplace_back(phrase);
  std::vector<std::string_view> plurals(kAttributeWords.begin(), kAttributeWords.end());
  for (const Wording& wording : kWordings) plurals.push_back(wording.plural);
  for (const std::string_view plural : plurals) {
    for (const auto phrase : kPresenceQuestions) corpus.push_back(withPlural(std::string(phrase), plural));
    for (const auto phrase : kCountQuestions) corpus.push_back(withPlural(std::string(phrase), plural));
    for (const auto phrase : kDetectQuestions) corpus.push_back(withPlural(std::string(phrase), plural));
  }
  for (int objectClass = 0; objectClass < static_cast<int>(kObjectClassCount); ++objectClass) {
    corpus.push_back(plainDetectQuestion(objectClass));
    corpus.push_back(std::string(kObjectClasses[static_cast<std::size_t>(objectClass)]) + "\n");
  }
  for (const std::string_view scene : kScenes) corpus.emplace_back(scene);
  for (const char* word : {"yes", "no", "none"}) corpus.emplace_back(word);
  return corpus;
}

}  // namespace orthoscribe::learn
