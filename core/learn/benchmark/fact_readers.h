// SPDX-License-Identifier: GPL-2.0-or-later
// What reads the tables of facts. `tables` is the folder with all of them; each throws Error{NotFound or Io}, and
// Error{InvalidInput} naming file and field.
#pragma once

#include "core/learn/benchmark/fact.h"

namespace orthoscribe::learn {

// spectral-indices-dict.json. Of its indices those that people can say: a short name of two to five letters, a long name
// without digits or brackets, two or three bands, a formula of at most 40 characters.
std::vector<Fact> indexNames(const std::filesystem::path& tables);
std::vector<Fact> indexUses(const std::filesystem::path& tables);
std::vector<Fact> indexBands(const std::filesystem::path& tables);

// sensor_bands.csv, and of bands.json the satellites that it lacks.
std::vector<Fact> bandNumbers(const std::filesystem::path& tables);
std::vector<Fact> bandWavelengths(const std::filesystem::path& tables);
std::vector<Fact> bandResolutions(const std::filesystem::path& tables);
std::vector<Fact> bandSymbols(const std::filesystem::path& tables);

// missions.csv
std::vector<Fact> missionOperators(const std::filesystem::path& tables);
std::vector<Fact> missionLaunches(const std::filesystem::path& tables);
std::vector<Fact> missionInstruments(const std::filesystem::path& tables);
std::vector<Fact> missionResolutions(const std::filesystem::path& tables);
std::vector<Fact> missionSwaths(const std::filesystem::path& tables);
std::vector<Fact> missionRepeats(const std::filesystem::path& tables);

// glossary.csv, without the indices, which the first table has; constants.json.
std::vector<Fact> terms(const std::filesystem::path& tables);
std::vector<Fact> constants(const std::filesystem::path& tables);

}  // namespace orthoscribe::learn
