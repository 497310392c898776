// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/aspects/aspect_fusion.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>

#include "core/engine/aspects/aspect_text.h"

namespace orthoscribe::engine {
namespace {

using Words = std::set<std::string>;

Words wordSet(std::string_view text) {
  const std::vector<std::string> words = wordsOf(text);
  return {words.begin(), words.end()};
}

// Jaccard: shared words of all words.
double overlap(const Words& a, const Words& b) {
  std::size_t shared = 0;
  for (const std::string& word : a) shared += b.count(word);
  const std::size_t all = a.size() + b.size() - shared;
  return all == 0 ? 1.0 : static_cast<double>(shared) / static_cast<double>(all);
}

std::set<std::string> numbersOf(std::string_view text) {
  std::set<std::string> numbers;
  for (const std::string& word : wordsOf(text))
    if (std::string number = numberOf(word); !number.empty()) numbers.insert(std::move(number));
  return numbers;
}

}  // namespace

std::string fusionPrompt(std::string_view wish, const std::vector<AspectPart>& parts) {
  std::string prompt = "Task: " + trimmedText(wish) + "\n";
  for (const AspectPart& part : parts) {
    if (part.text.empty()) continue;
    std::string name = part.name;
    name.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(name.front())));
    prompt += name + ": " + part.text + "\n";
  }
  return prompt + "Write one caption that uses only these notes and the image.\nCaption:";
}

std::string joinedParts(const std::vector<AspectPart>& parts) {
  constexpr double kSame = 0.8;
  std::vector<Words> said;
  std::string joined;
  for (const AspectPart& part : parts) {
    for (std::string sentence : sentencesOf(part.text)) {
      const Words words = wordSet(sentence);
      if (words.empty() || std::ranges::any_of(said, [&](const Words& other) { return overlap(words, other) > kSame; })) continue;
      said.push_back(words);
      if (std::string_view(".!?").find(sentence.back()) == std::string_view::npos) sentence += '.';
      joined += (joined.empty() ? "" : " ") + sentence;
    }
  }
  return joined;
}

std::optional<std::size_t> surestPart(const std::vector<AspectPart>& parts) {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].text.empty()) continue;
    const bool surer = !best || parts[i].meanLogProbability > parts[*best].meanLogProbability ||
                       (std::isnan(parts[*best].meanLogProbability) && !std::isnan(parts[i].meanLogProbability));
    if (surer) best = i;
  }
  return best;
}

bool inventsNumbers(std::string_view text, const std::vector<AspectPart>& parts) {
  std::set<std::string> noted;
  for (const AspectPart& part : parts) noted.merge(numbersOf(part.text));
  const std::set<std::string> said = numbersOf(text);
  return !std::ranges::includes(noted, said);
}

}  // namespace orthoscribe::engine
