// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <array>
#include <cctype>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/learn/benchmark/band_words.h"
#include "core/learn/benchmark/fact_readers.h"
#include "core/learn/benchmark/json_table.h"

namespace orthoscribe::learn {
namespace {

constexpr std::size_t kMaxShortName = 5;
constexpr std::size_t kMaxBands = 3;
constexpr std::size_t kMaxFormula = 40;

constexpr std::array<BandWords, 21> kBandWords = {{{"A", "aerosol", "coastal aerosol"},
                                                   {"B", "blue", "blue"},
                                                   {"G1", "green 1", "green 1"},
                                                   {"G", "green", "green"},
                                                   {"Y", "yellow", "yellow"},
                                                   {"R", "red", "red"},
                                                   {"RE1", "red edge 1", "red edge 1"},
                                                   {"RE2", "red edge 2", "red edge 2"},
                                                   {"RE3", "red edge 3", "red edge 3"},
                                                   {"N", "nir", "near infrared"},
                                                   {"N2", "nir 2", "near infrared 2"},
                                                   {"WV", "water vapour", "water vapour"},
                                                   {"S1", "swir 1", "shortwave infrared 1"},
                                                   {"S2", "swir 2", "shortwave infrared 2"},
                                                   {"T", "thermal", "thermal infrared"},
                                                   {"T1", "thermal 1", "thermal infrared 1"},
                                                   {"T2", "thermal 2", "thermal infrared 2"},
                                                   {"HH", "hh", "horizontal-horizontal"},
                                                   {"HV", "hv", "horizontal-vertical"},
                                                   {"VH", "vh", "vertical-horizontal"},
                                                   {"VV", "vv", "vertical-vertical"}}};

struct Index {
  std::string shortName;
  std::string longName;  // in lower case
  std::string use;
  std::string formula;
  std::vector<const BandWords*> bands;  // in the order of kBandWords
};

std::string lowerCase(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char letter) { return std::tolower(letter); });
  return text;
}

bool onlyLetters(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char letter) { return std::isalpha(letter) != 0; });
}

bool sayable(const Index& index) {
  const bool plainName = index.longName.find_first_of("0123456789()") == std::string::npos;
  return plainName && index.shortName.size() >= 2 && index.shortName.size() <= kMaxShortName && onlyLetters(index.shortName) &&
         index.bands.size() >= 2 && index.bands.size() <= kMaxBands && index.formula.size() <= kMaxFormula;
}

std::vector<Index> sayableIndices(const std::filesystem::path& tables) {
  const std::filesystem::path path = tables / "spectral-indices-dict.json";
  const nlohmann::json document = readJsonTable(path, "SpectralIndices");
  std::vector<Index> indices;
  for (const auto& [name, entry] : document["SpectralIndices"].items()) {
    Index index{.shortName = tableText(entry, "short_name", path),
                .longName = lowerCase(tableText(entry, "long_name", path)),
                .use = tableText(entry, "application_domain", path),
                .formula = tableText(entry, "formula", path),
                .bands = {}};
    for (const BandWords& band : kBandWords) {
      const auto& symbols = entry.at("bands");
      if (std::find(symbols.begin(), symbols.end(), band.symbol) != symbols.end()) index.bands.push_back(&band);
    }
    if (sayable(index)) indices.push_back(std::move(index));
  }
  return indices;
}

std::string listed(const std::vector<const BandWords*>& bands, std::string_view BandWords::* way) {
  std::string list;
  for (const BandWords* band : bands) list += (list.empty() ? "" : ", ") + std::string(band->*way);
  return list;
}

}  // namespace

std::span<const BandWords> allBandWords() {
  return kBandWords;
}

const BandWords* bandWordsOf(std::string_view symbol) {
  const auto found =
      std::find_if(kBandWords.begin(), kBandWords.end(), [&](const BandWords& band) { return band.symbol == symbol; });
  return found == kBandWords.end() ? nullptr : &*found;
}

std::vector<Fact> indexNames(const std::filesystem::path& tables) {
  std::vector<Fact> facts;
  for (const Index& index : sayableIndices(tables))
    facts.push_back({"index.name." + index.shortName, index.use, {{"index", index.shortName}, {"name", index.longName}}, {}});
  return facts;
}

std::vector<Fact> indexUses(const std::filesystem::path& tables) {
  std::vector<Fact> facts;
  for (const Index& index : sayableIndices(tables)) {
    Fact fact{"index.use." + index.shortName, "", {{"index", index.shortName}, {"use", index.use}}, {}};
    if (index.use == "burn") fact.aliases["use"] = {"burned areas", "burnt areas", "fire"};
    if (index.use == "urban") fact.aliases["use"] = {"built-up areas", "urban areas"};
    if (index.use == "vegetation") fact.aliases["use"] = {"plants"};
    facts.push_back(std::move(fact));
  }
  return facts;
}

std::vector<Fact> indexBands(const std::filesystem::path& tables) {
  std::vector<Fact> facts;
  for (const Index& index : sayableIndices(tables)) {
    facts.push_back({"index.bands." + index.shortName,
                     index.use,
                     {{"index", index.shortName}, {"bands", listed(index.bands, &BandWords::brief)}, {"formula", index.formula}},
                     {{"bands", {listed(index.bands, &BandWords::inWords), listed(index.bands, &BandWords::symbol)}}}});
  }
  return facts;
}

}  // namespace orthoscribe::learn
