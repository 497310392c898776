// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/http/model_list.h"

#include <nlohmann/json.hpp>

namespace orthoscribe::engine::http {
namespace {

using nlohmann::json;

json entryOf(const ModelInfo& info, std::int64_t createdS) {
  json extension = {{"family", info.family},           {"dialect", info.dialect},
                    {"imageSidePx", info.imageSidePx}, {"groundResolutionM", info.groundResolutionM},
                    {"classes", info.classes},         {"contentHash", info.contentHash},
                    {"precision", info.precision},     {"device", info.device},
                    {"adapters", info.adapters},       {"offeredAdapters", info.offeredAdapters},
                    {"aspects", info.aspects}};
  if (info.resize) {
    extension["resize"] = {
        {"factor", info.resize->factor}, {"minPixels", info.resize->minPixels}, {"maxPixels", info.resize->maxPixels}};
  }
  return {{"id", info.name}, {"object", "model"}, {"created", createdS}, {"owned_by", "orthoscribe"}, {"orthoscribe", extension}};
}

// As other servers list adapters: a model of its own with the base as its parent.
json adapterEntry(const ModelInfo& base, const std::string& adapter, std::int64_t createdS) {
  ModelInfo info = base;
  info.name += ":" + adapter;
  info.adapters = {adapter};
  info.aspects.clear();
  json entry = entryOf(info, createdS);
  entry["parent"] = base.name;
  return entry;
}

json entriesOf(const ModelInfo& info, std::int64_t createdS) {
  json entries = json::array({entryOf(info, createdS)});
  for (const std::string& adapter : info.offeredAdapters) entries.push_back(adapterEntry(info, adapter, createdS));
  return entries;
}

std::string dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

std::optional<std::string> modelEntry(const ModelInfo& info, const std::string& id, std::int64_t createdS) {
  for (const json& entry : entriesOf(info, createdS)) {
    if (entry["id"] == id) return dump(entry);
  }
  return std::nullopt;
}

std::string modelList(const ModelInfo& info, std::int64_t createdS) {
  return dump({{"object", "list"}, {"data", entriesOf(info, createdS)}});
}

}  // namespace orthoscribe::engine::http
