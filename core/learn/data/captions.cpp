// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/captions.h"

#include <nlohmann/json.hpp>
#include <sstream>

#include "core/base/error.h"
#include "core/base/files.h"

namespace orthoscribe::learn {
namespace {

Caption captionOf(const nlohmann::json& line) {
  Caption caption;
  caption.caption = line.value("caption", "");
  caption.detail = line.value("detail", "");
  if (line.contains("attributes")) {
    for (std::size_t index = 0; index < kAttributeCount; ++index) {
      const auto found = line["attributes"].find(std::string(kAttributes[index]));
      if (found != line["attributes"].end()) caption.attributes[index] = found->get<int>() != 0 ? Truth::Yes : Truth::No;
    }
  }
  if (line.contains("counts")) {
    for (const auto& [name, count] : line["counts"].items()) {
      if (count.is_number_integer()) caption.counts[name] = count.get<int>();
    }
  }
  return caption;
}

void readFile(const std::filesystem::path& path, std::map<std::string, Caption>& captions) {
  std::istringstream lines(readTextFile(path));
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (line.empty()) continue;
    try {
      const auto document = nlohmann::json::parse(line);
      captions[document.at("image").get<std::string>()] = captionOf(document);
    } catch (const nlohmann::json::exception& problem) {
      throw Error(ErrorCode::InvalidInput, path.string() + ", line " + std::to_string(number) + ": " + problem.what(),
                  "One JSON object a line is expected.");
    }
  }
}

}  // namespace

std::map<std::string, Caption> readCaptions(const std::filesystem::path& folder) {
  std::map<std::string, Caption> captions;
  if (!std::filesystem::is_directory(folder)) return captions;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".jsonl") readFile(entry.path(), captions);
  }
  return captions;
}

}  // namespace orthoscribe::learn
