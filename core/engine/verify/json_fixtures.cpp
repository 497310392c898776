// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/verify/json_fixtures.h"

#include <algorithm>
#include <initializer_list>

#include "core/base/error.h"
#include "core/base/json_text.h"

namespace orthoscribe::engine::verify {
namespace {

namespace fs = std::filesystem;

bool belongsToAnother(const fs::path& folder) {
  for (const char* file : {"config.json", "adapter_config.json", "tokenizer_config.json", "vectors.json", "expected.json"})
    if (fs::exists(folder / file)) return true;
  return false;
}

bool has(const nlohmann::json& value, std::initializer_list<const char*> fields) {
  return value.is_object() && std::all_of(fields.begin(), fields.end(), [&](const char* field) { return value.contains(field); });
}

const nlohmann::json& firstOf(const nlohmann::json& list) {
  static const nlohmann::json nothing;
  return (list.is_array() || list.is_object()) && !list.empty() ? *list.begin() : nothing;
}

JsonFixtureKind kindOf(const nlohmann::json& file) {
  if (has(file, {"images"})) {
    const nlohmann::json& image = firstOf(file["images"]);
    if (has(image, {"pillow_mode"})) return JsonFixtureKind::DecodedImages;
    if (has(image, {"blip", "clip"})) return JsonFixtureKind::SquareImages;
    if (has(file, {"patch_size", "merge_size", "smart_resize"})) return JsonFixtureKind::PatchedImages;
    return has(image, {"grid_columns_rows", "tile_size"}) ? JsonFixtureKind::InternVlTiles : JsonFixtureKind::OtherImages;
  }
  if (has(file, {"rows"})) {
    const nlohmann::json& row = firstOf(file["rows"]);
    if (has(file, {"family"}) && has(row, {"messages", "rendered"})) return JsonFixtureKind::ChatTemplate;
    if (has(row, {"template", "turns", "rendered"})) return JsonFixtureKind::NamedTemplates;
    if (has(file, {"grammar"})) return JsonFixtureKind::BoxGrammar;
  }
  if (has(file, {"ground_truth", "detections"})) return JsonFixtureKind::Detections;
  if (has(file, {"pairs"})) return JsonFixtureKind::PolygonPairs;
  if (has(file, {"items", "corpus"})) return JsonFixtureKind::Captions;
  if (has(file, {"rows", "accuracy"})) return JsonFixtureKind::ShortAnswers;
  return JsonFixtureKind::Unknown;
}

}  // namespace

std::vector<JsonFixture> jsonFixturesIn(const fs::path& folder) {
  std::vector<JsonFixture> files;
  if (belongsToAnother(folder)) return files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (!entry.is_regular_file() || entry.path().extension() != ".json") continue;
    JsonFixture file{.path = entry.path(), .content = nullptr};
    try {
      file.content = std::make_shared<const nlohmann::json>(readJsonFile(file.path));
      file.kind = kindOf(*file.content);
    } catch (const Error&) {
      // Not JSON: it stays unknown, and is reported as such.
    }
    files.push_back(std::move(file));
  }
  std::sort(files.begin(), files.end(), [](const JsonFixture& a, const JsonFixture& b) { return a.path < b.path; });
  return files;
}

}  // namespace orthoscribe::engine::verify
