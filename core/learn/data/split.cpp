// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/split.h"

#include <cctype>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/base/error.h"
#include "core/base/files.h"

namespace orthoscribe::learn {
namespace {

constexpr int kNumbersPerFolder = 89;
constexpr unsigned kStartStep = 4;  // starts 10, 14, 18, ...: runs away from both ends

std::optional<int> trailingNumber(const std::filesystem::path& path) {
  const std::string stem = path.stem().string();
  std::size_t begin = stem.size();
  while (begin > 0 && std::isdigit(static_cast<unsigned char>(stem[begin - 1]))) --begin;
  if (begin == stem.size() || stem.size() - begin > 6) return std::nullopt;
  return std::stoi(stem.substr(begin));
}

int firstHeldOut(const std::string& folder, int length) {
  std::uint32_t hash = 2166136261U;  // FNV-1a
  for (const char letter : folder) hash = (hash ^ static_cast<unsigned char>(letter)) * 16777619U;
  const unsigned choices = static_cast<unsigned>(kNumbersPerFolder - length - 10) / kStartStep;
  return 10 + static_cast<int>(hash % choices * kStartStep);
}

std::set<std::string> namesIn(const nlohmann::json& document, const char* field, const std::filesystem::path& path) {
  if (!document.contains(field) || !document[field].is_array()) {
    throw Error(ErrorCode::InvalidInput, path.string() + ": field \"" + field + "\" is missing or no list",
                "Write the split anew with `orthoscribe train`.");
  }
  return document[field].get<std::set<std::string>>();
}

}  // namespace

Part Split::partOf(const std::string& name) const {
  if (heldOut.contains(name)) return Part::HeldOut;
  return guard.contains(name) ? Part::Guard : Part::Train;
}

Split splitByRuns(const std::vector<std::string>& names, int length) {
  Split split;
  for (const std::string& name : names) {
    const std::filesystem::path path(name);
    const auto number = trailingNumber(path);
    if (!number) continue;
    const int first = firstHeldOut(path.parent_path().filename().string(), length);
    if (*number >= first && *number < first + length) {
      split.heldOut.insert(name);
    } else if (*number == first - 1 || *number == first + length) {
      split.guard.insert(name);
    }
  }
  return split;
}

void writeSplit(const Split& split, const std::filesystem::path& path) {
  const nlohmann::ordered_json document = {{"rule",
                                            "by source image: one run of neighbouring numbers of each scene folder is held out; "
                                            "the picture on each side of the run is used for nothing"},
                                           {"heldOut", split.heldOut},
                                           {"guard", split.guard}};
  writeTextFile(path, document.dump(1) + "\n");
}

Split readSplit(const std::filesystem::path& path) {
  const auto document = nlohmann::json::parse(readTextFile(path), nullptr, false);
  if (document.is_discarded())
    throw Error(ErrorCode::InvalidInput, path.string() + ": not JSON", "Write the split anew with `orthoscribe train`.");
  Split split;
  try {
    split.heldOut = namesIn(document, "heldOut", path);
    split.guard = namesIn(document, "guard", path);
  } catch (const nlohmann::json::exception&) {
    throw Error(ErrorCode::InvalidInput, path.string() + ": a name of the split is no text",
                "Write the split anew with `orthoscribe train`.");
  }
  return split;
}

}  // namespace orthoscribe::learn
