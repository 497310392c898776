// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/client/model_list_reader.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/client/server_error.h"

namespace orthoscribe::client {
namespace {

using nlohmann::json;

std::string textOf(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::vector<std::string> textsOf(const json& object, const char* name) {
  std::vector<std::string> texts;
  const auto found = object.find(name);
  if (found == object.end() || !found->is_array()) return texts;
  for (const json& text : *found) {
    if (text.is_string()) texts.push_back(text.get<std::string>());
  }
  return texts;
}

std::int64_t countOf(const json& object, const char* name, std::int64_t largest) {
  const auto found = object.find(name);
  return found != object.end() && found->is_number_unsigned() && *found <= largest ? found->get<std::int64_t>() : 0;
}

std::optional<ResizeLimits> resizeOf(const json& extension) {
  constexpr std::int64_t kLargestFactor = 1024;
  constexpr std::int64_t kLargestPicture = std::int64_t{1} << 40;
  const auto found = extension.find("resize");
  if (found == extension.end() || !found->is_object()) return std::nullopt;
  const ResizeLimits limits = {.factor = static_cast<int>(countOf(*found, "factor", kLargestFactor)),
                               .minPixels = countOf(*found, "minPixels", kLargestPicture),
                               .maxPixels = countOf(*found, "maxPixels", kLargestPicture)};
  if (limits.factor < 1 || limits.minPixels < 1 || limits.maxPixels < limits.minPixels) return std::nullopt;
  return limits;
}

// Values outside these bounds would only do harm further on; the defaults stand then.
void readExtension(const json& extension, ModelInfo& info) {
  constexpr int kLargestSidePx = 16384;
  info.family = textOf(extension, "family");
  info.dialect = textOf(extension, "dialect");
  info.contentHash = textOf(extension, "contentHash");
  info.precision = textOf(extension, "precision");
  info.device = textOf(extension, "device");
  info.adapters = textsOf(extension, "adapters");
  info.offeredAdapters = textsOf(extension, "offeredAdapters");
  info.aspects = textsOf(extension, "aspects");
  info.classes = textsOf(extension, "classes");
  info.resize = resizeOf(extension);
  const auto side = extension.find("imageSidePx");
  if (side != extension.end() && side->is_number_unsigned() && *side >= 1 && *side <= kLargestSidePx) {
    info.imageSidePx = side->get<int>();
  }
  const auto resolution = extension.find("groundResolutionM");
  if (resolution != extension.end() && resolution->is_number() && *resolution >= 0.0 &&
      std::isfinite(resolution->get<double>())) {
    info.groundResolutionM = resolution->get<double>();
  }
}

}  // namespace

ModelInfo readModelList(std::string_view body, const std::string& name, const std::string& server) {
  const json document = json::parse(body, nullptr, false);
  if (!document.is_object() || !document.contains("data") || !document["data"].is_array()) {
    throw protocolError(server, "its list of models is none");
  }
  std::string others;
  for (const json& entry : document["data"]) {
    const std::string id = entry.is_object() ? textOf(entry, "id") : std::string();
    if (id.empty()) throw protocolError(server, "a model of its list has no id");
    if (!name.empty() && id != name) {
      others += (others.empty() ? "" : ", ") + id;
      continue;
    }
    ModelInfo info;
    info.name = id;
    const auto extension = entry.find("orthoscribe");
    if (extension != entry.end() && extension->is_object()) readExtension(*extension, info);
    return info;
  }
  if (others.empty()) throw Error(ErrorCode::Unavailable, server + " serves no model", "start it with a model");
  throw Error(ErrorCode::NotFound, server + " does not serve \"" + name + "\"", "it serves " + others);
}

}  // namespace orthoscribe::client
