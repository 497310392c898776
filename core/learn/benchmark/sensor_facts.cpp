// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "core/learn/benchmark/band_words.h"
#include "core/learn/benchmark/csv_table.h"
#include "core/learn/benchmark/fact_readers.h"
#include "core/learn/benchmark/json_table.h"

namespace orthoscribe::learn {
namespace {

// Satellites of bands.json that sensor_bands.csv lacks. Of twins with the same bands one stands here.
constexpr std::array<std::string_view, 4> kMorePlatforms = {"landsat5", "landsat7", "planetscope", "wv3"};

struct SensorBand {
  std::string platform;
  std::string band;    // in words, lower case
  std::string number;  // "B8"
  int wavelengthNm = 0;
  std::string resolution;  // metres; empty where the table does not say
};

std::string numbered(const std::string& number) {
  return number.starts_with("B") ? number : "B" + number;
}

std::vector<SensorBand> fromSensors(const std::filesystem::path& path) {
  const CsvTable table(path);
  std::vector<SensorBand> bands;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const double micrometres = std::atof(table.at(row, "center_wavelength_um").c_str());
    bands.push_back({table.at(row, "mission") == "Terra/Aqua" ? "MODIS" : table.at(row, "mission"), table.at(row, "name"),
                     numbered(table.at(row, "band")), static_cast<int>(std::lround(micrometres * 1000)),
                     table.at(row, "resolution_m")});
  }
  return bands;
}

std::vector<SensorBand> fromIndices(const std::filesystem::path& path) {
  const nlohmann::json table = readJsonTable(path);
  std::vector<SensorBand> bands;
  for (const BandWords& words : allBandWords()) {
    const std::string symbol(words.symbol);
    if (!table.contains(symbol)) continue;
    for (const std::string_view name : kMorePlatforms) {
      const auto& platforms = table[symbol].at("platforms");
      if (!platforms.contains(std::string(name))) continue;
      const auto& entry = platforms[std::string(name)];
      bands.push_back({tableText(entry, "platform", path), std::string(words.inWords), numbered(tableText(entry, "band", path)),
                       static_cast<int>(std::lround(entry.at("wavelength").get<double>())), ""});
    }
  }
  return bands;
}

// Bands whose words fit another band of the same satellite are left out: a question about them has two answers.
std::vector<SensorBand> bandsOf(const std::filesystem::path& tables) {
  std::vector<SensorBand> all = fromSensors(tables / "sensor_bands.csv");
  const std::vector<SensorBand> more = fromIndices(tables / "bands.json");
  all.insert(all.end(), more.begin(), more.end());
  std::vector<SensorBand> clear;
  for (const SensorBand& band : all) {
    const auto same = std::count_if(all.begin(), all.end(), [&](const SensorBand& other) {
      return other.platform == band.platform && other.band == band.band;
    });
    if (same == 1) clear.push_back(band);
  }
  return clear;
}

Fact factOf(const std::string& kind, const SensorBand& band, const std::string& name, const std::string& value) {
  return {kind + "." + band.platform + "." + band.number,
          band.platform,
          {{"platform", band.platform}, {"band", band.band}, {name, value}},
          {}};
}

}  // namespace

std::vector<Fact> bandNumbers(const std::filesystem::path& tables) {
  std::vector<Fact> facts;
  for (const SensorBand& band : bandsOf(tables)) {
    facts.push_back(factOf("band.number", band, "number", band.number));
    facts.back().aliases["number"] = {band.number.substr(1)};
  }
  return facts;
}

std::vector<Fact> bandWavelengths(const std::filesystem::path& tables) {
  std::vector<Fact> facts;
  for (const SensorBand& band : bandsOf(tables))
    facts.push_back(factOf("band.wavelength", band, "wavelength", std::to_string(band.wavelengthNm) + " nm"));
  return facts;
}

std::vector<Fact> bandResolutions(const std::filesystem::path& tables) {
  std::vector<Fact> facts;
  for (const SensorBand& band : bandsOf(tables)) {
    if (band.resolution.empty()) continue;
    facts.push_back(factOf("band.resolution", band, "resolution", band.resolution + " m"));
    facts.back().group.clear();  // a satellite has fewer pixel sizes than a choice has options
  }
  return facts;
}

std::vector<Fact> bandSymbols(const std::filesystem::path& tables) {
  const nlohmann::json table = readJsonTable(tables / "bands.json");
  std::vector<Fact> facts;
  for (const BandWords& words : allBandWords()) {
    const std::string symbol(words.symbol);
    if (!table.contains(symbol)) continue;
    facts.push_back({"band.symbol." + symbol, "", {{"symbol", symbol}, {"band", std::string(words.inWords)}}, {}});
    if (words.brief != words.inWords) facts.back().aliases["band"] = {std::string(words.brief)};
  }
  return facts;
}

}  // namespace orthoscribe::learn
