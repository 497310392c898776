// SPDX-License-Identifier: GPL-2.0-or-later
// Fixtures that are a JSON file of their own: which kind each is, by its fields.
#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

namespace orthoscribe::engine::verify {

enum class JsonFixtureKind {
  ChatTemplate,    // messages and rendered text of one family
  NamedTemplates,  // questions and answers rendered by several templates
  DecodedImages,   // images as 8-bit RGB
  InternVlTiles,   // images as InternVL's tiles
  SquareImages,    // images as BLIP and CLIP prepare them
  PatchedImages,   // images as Qwen-VL's patches
  OtherImages,     // images as other families prepare them
  BoxGrammar,      // answers with boxes
  Detections,      // objects, what was found of them, and average precision
  PolygonPairs,    // two polygons and their overlap
  Captions,        // captions, references and their scores
  ShortAnswers,    // answers, expected ones and whether they match
  Unknown,
};

struct JsonFixture {
  std::filesystem::path path;
  JsonFixtureKind kind = JsonFixtureKind::Unknown;
  std::shared_ptr<const nlohmann::json> content;  // null when the file is not JSON
};

// The JSON files of a folder, by name. None for folders that hold a model, an adapter, a tokenizer or a case: their JSON files
// belong to them.
std::vector<JsonFixture> jsonFixturesIn(const std::filesystem::path& folder);

}  // namespace orthoscribe::engine::verify
