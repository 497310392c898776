// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/aspects/aspect_splitter.h"

#include <algorithm>
#include <array>

#include "core/engine/aspects/aspect_text.h"

namespace orthoscribe::learn {
namespace {

using engine::sentencesOf;
using engine::wordsOf;

constexpr std::array<std::string_view, 37> kPlaces = {
    "left",  "right",  "top",    "bottom",    "upper",    "lower",    "center",     "centre", "middle",     "corner",
    "side",  "sides",  "near",   "next",      "beside",   "between",  "along",      "around", "surrounded", "above",
    "below", "under",  "over",   "adjacent",  "parallel", "row",      "rows",       "north",  "south",      "east",
    "west",  "inside", "across", "connected", "corners",  "surround", "surrounding"};
constexpr std::array<std::string_view, 15> kColours = {"white", "black",  "red",  "green",  "blue",   "yellow", "gray",  "grey",
                                                       "brown", "orange", "dark", "bright", "purple", "pink",   "silver"};
constexpr std::array<std::string_view, 7> kCounts = {"several", "many", "some", "few", "numerous", "single", "multiple"};
constexpr std::array<std::string_view, 12> kThemes = {"image", "aerial",  "satellite", "panchromatic", "grayscale", "resolution",
                                                      "shows", "showing", "area",      "overall",      "picture",   "scene"};
// In the singular.
constexpr std::array<std::string_view, 64> kNouns = {
    "airplane", "plane",  "aircraft", "airport",  "runway",       "apron",      "terminal",   "helicopter",
    "ship",     "boat",   "harbor",   "harbour",  "dock",         "pier",       "port",       "water",
    "river",    "lake",   "pond",     "sea",      "beach",        "sand",       "coast",      "island",
    "bridge",   "road",   "street",   "highway",  "intersection", "roundabout", "vehicle",    "car",
    "truck",    "bus",    "parking",  "building", "house",        "roof",       "factory",    "warehouse",
    "tank",     "field",  "farmland", "crop",     "greenhouse",   "tree",       "forest",     "grass",
    "lawn",     "meadow", "park",     "garden",   "court",        "stadium",    "playground", "track",
    "pool",     "square", "railway",  "train",    "station",      "mountain",   "desert",     "land"};

template <std::size_t size>
bool anyOf(const std::vector<std::string>& words, const std::array<std::string_view, size>& known) {
  return std::ranges::any_of(words, [&](const std::string& word) { return std::ranges::count(known, word) > 0; });
}

bool follows(const std::vector<std::string>& words, std::initializer_list<std::string_view> phrase) {
  return std::ranges::search(words, phrase).begin() != words.end();
}

bool countsOrShows(const std::vector<std::string>& words) {
  if (anyOf(words, kColours) || anyOf(words, kCounts)) return true;
  if (std::ranges::any_of(words, [](const std::string& word) { return !engine::numberOf(word).empty(); })) return true;
  return follows(words, {"there", "is"}) || follows(words, {"there", "are"}) || follows(words, {"can", "be", "seen"}) ||
         follows(words, {"can", "be", "observed"});
}

void add(std::string& text, const std::string& sentence) {
  if (!text.empty()) text += ' ';
  text += sentence;
}

// The list's form of a word; empty for what is none of it.
std::string_view nounOf(std::string_view word) {
  for (const std::string_view ending : {"", "s", "es"}) {
    if (!word.ends_with(ending)) continue;
    const std::string_view stem = word.substr(0, word.size() - ending.size());
    if (const auto found = std::ranges::find(kNouns, stem); found != kNouns.end()) return *found;
  }
  return {};
}

}  // namespace

AspectTexts splitByAspects(std::string_view caption) {
  AspectTexts texts;
  const std::vector<std::string> sentences = sentencesOf(caption);
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    const std::vector<std::string> words = wordsOf(sentences[i]);
    const bool relations = anyOf(words, kPlaces);
    const bool theme = i == 0 || anyOf(words, kThemes);
    const bool objects = countsOrShows(words) || (!relations && !theme);
    if (theme) add(texts.theme, sentences[i]);
    if (objects) add(texts.objects, sentences[i]);
    if (relations) add(texts.relations, sentences[i]);
  }
  return texts;
}

std::vector<std::string> frequentNouns(std::string_view text, std::size_t count) {
  struct Seen {
    std::string_view noun;
    std::string spelt;
    int times = 0;
  };
  std::vector<Seen> seen;
  for (const std::string& word : wordsOf(text)) {
    const std::string_view noun = nounOf(word);
    if (noun.empty()) continue;
    const auto known = std::ranges::find(seen, noun, &Seen::noun);
    if (known != seen.end())
      ++known->times;
    else
      seen.push_back({noun, word, 1});
  }
  std::ranges::stable_sort(seen, std::ranges::greater(), &Seen::times);
  std::vector<std::string> nouns;
  for (std::size_t i = 0; i < std::min(count, seen.size()); ++i) nouns.push_back(seen[i].spelt);
  return nouns;
}

}  // namespace orthoscribe::learn
