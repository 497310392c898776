// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/loading/data_mix.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "core/base/error.h"

namespace orthoscribe::learn {
namespace {

constexpr std::string_view kAll = "all";

[[noreturn]] void refuse(std::string_view item, const std::string& why) {
  throw Error(ErrorCode::InvalidInput, "data mix: \"" + std::string(item) + "\": " + why,
              "Write name, name*N (N times) or name%P (P percent, above 0, at most 100).");
}

template <typename Number>
std::optional<Number> numberIn(std::string_view text) {
  Number value{};
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string listed(std::span<const std::string> names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

MixEntry parseMixEntry(std::string_view text) {
  const std::size_t at = text.find_first_of("*%");
  MixEntry entry{std::string(text.substr(0, at)), 1, 100.0};
  if (entry.name.find_first_not_of(" \t") == std::string::npos) refuse(text, "no name");
  if (at == std::string_view::npos) return entry;
  const std::string_view number = text.substr(at + 1);
  if (text[at] == '*') {
    const auto repeats = numberIn<int>(number);
    if (!repeats || *repeats < 1) refuse(text, "N of *N is not a whole number of at least 1");
    entry.repeats = *repeats;
  } else {
    const auto percent = numberIn<double>(number);
    if (!percent || !(*percent > 0.0) || *percent > 100.0) refuse(text, "P of %P is not a number above 0 and at most 100");
    entry.percent = *percent;
  }
  return entry;
}

std::vector<MixEntry> parseMix(std::span<const std::string> items, std::span<const std::string> known) {
  std::vector<MixEntry> mix;
  for (const std::string& item : items) {
    MixEntry entry = parseMixEntry(item);
    if (entry.name == kAll) {
      for (const std::string& name : known) {
        entry.name = name;
        mix.push_back(entry);
      }
    } else if (std::find(known.begin(), known.end(), entry.name) == known.end()) {
      refuse(item, "no such data set; known: " + (known.empty() ? "none" : listed(known)));
    } else {
      mix.push_back(std::move(entry));
    }
  }
  if (mix.empty()) throw Error(ErrorCode::InvalidInput, "data mix: the list is empty", "Name at least one data set, or \"all\".");
  return mix;
}

std::int64_t samplesOf(const MixEntry& entry, std::int64_t size) {
  return static_cast<std::int64_t>(std::floor(static_cast<double>(size) * entry.percent / 100.0)) * entry.repeats;
}

}  // namespace orthoscribe::learn
