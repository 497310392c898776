// SPDX-License-Identifier: GPL-2.0-or-later
#include <cctype>
#include <cstdlib>
#include <sstream>

#include "core/base/error.h"
#include "core/learn/benchmark/csv_table.h"
#include "core/learn/benchmark/fact_readers.h"
#include "core/learn/benchmark/json_table.h"

namespace orthoscribe::learn {
namespace {

// One fact a mission for which the column has a value.
std::vector<Fact> missionFacts(const std::filesystem::path& tables, const std::string& kind, const std::string& column,
                               const std::string& name, const std::string& unit) {
  const CsvTable table(tables / "missions.csv");
  std::vector<Fact> facts;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string& value = table.at(row, column);
    if (value.empty()) continue;
    const std::string& mission = table.at(row, "mission");
    facts.push_back({kind + "." + mission, "", {{"mission", mission}, {name, value + unit}}, {}});
  }
  return facts;
}

std::vector<std::string> partsOf(const std::string& text, char mark) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, mark);) parts.push_back(part);
  return parts;
}

std::string withSmallInitial(std::string text) {
  const bool acronym = text.size() > 1 && std::isupper(static_cast<unsigned char>(text[1])) != 0;
  if (!text.empty() && !acronym) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

std::string trimmed(std::string text) {
  while (text.ends_with(' ')) text.pop_back();
  return text;
}

std::string shortNumber(double value) {
  std::ostringstream stream;
  stream << value;
  return stream.str();
}

}  // namespace

std::vector<Fact> missionOperators(const std::filesystem::path& tables) {
  std::vector<Fact> facts = missionFacts(tables, "mission.operator", "operator", "operator", "");
  for (Fact& fact : facts) {
    const std::vector<std::string> agencies = partsOf(fact.values["operator"], '/');
    if (agencies.size() == 2) fact.aliases["operator"] = {agencies[0] + " and " + agencies[1], agencies[0], agencies[1]};
  }
  return facts;
}

std::vector<Fact> missionLaunches(const std::filesystem::path& tables) {
  return missionFacts(tables, "mission.launch", "first_launch", "year", "");
}

std::vector<Fact> missionInstruments(const std::filesystem::path& tables) {
  return missionFacts(tables, "mission.instrument", "instrument_kind", "instrument", "");
}

std::vector<Fact> missionResolutions(const std::filesystem::path& tables) {
  return missionFacts(tables, "mission.resolution", "best_resolution_m", "resolution", " m");
}

std::vector<Fact> missionSwaths(const std::filesystem::path& tables) {
  return missionFacts(tables, "mission.swath", "swath_km", "swath", " km");
}

std::vector<Fact> missionRepeats(const std::filesystem::path& tables) {
  return missionFacts(tables, "mission.repeat", "repeat_days_one_satellite", "days", " days");
}

std::vector<Fact> terms(const std::filesystem::path& tables) {
  const CsvTable table(tables / "glossary.csv");
  std::vector<Fact> facts;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string& term = table.at(row, "term");
    const std::string& text = table.at(row, "meaning");
    // "the long form: what it is", or only what it is.
    const std::size_t colon = text.find(": ");
    const std::string longForm = colon == std::string::npos ? "" : text.substr(0, colon);
    const std::string meaning = colon == std::string::npos ? text : text.substr(colon + 2);
    // The formulas of indices stand in the table of indices.
    if (meaning.find_first_of("+/=") != std::string::npos) continue;
    facts.push_back({"term." + term, "", {{"term", term}, {"meaning", meaning}}, {}});
    if (!longForm.empty()) facts.back().aliases["term"] = {longForm};
  }
  return facts;
}

std::vector<Fact> constants(const std::filesystem::path& tables) {
  const nlohmann::json table = readJsonTable(tables / "constants.json");
  std::vector<Fact> facts;
  for (const auto& [name, entry] : table.items()) {
    if (!entry.at("default").is_number()) continue;
    const std::string description = tableText(entry, "description", tables / "constants.json");
    // Where it goes on after its first sentence, it explains what no question needs.
    const std::string first = withSmallInitial(trimmed(description.substr(0, description.find_first_of(".,("))));
    facts.push_back({"constant." + name,
                     "",
                     {{"constant", first + " (" + name + ")"}, {"value", shortNumber(entry["default"].get<double>())}},
                     {}});
  }
  return facts;
}

}  // namespace orthoscribe::learn
