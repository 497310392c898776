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
                    {"adapters", info.adapters}};
  if (info.resize) {
    extension["resize"] = {
        {"factor", info.resize->factor}, {"minPixels", info.resize->minPixels}, {"maxPixels", info.resize->maxPixels}};
  }
  return {{"id", info.name}, {"object", "model"}, {"created", createdS}, {"owned_by", "orthoscribe"}, {"orthoscribe", extension}};
}

std::string dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

std::string modelEntry(const ModelInfo& info, std::int64_t createdS) {
  return dump(entryOf(info, createdS));
}

std::string modelList(const ModelInfo& info, std::int64_t createdS) {
  return dump({{"object", "list"}, {"data", json::array({entryOf(info, createdS)})}});
}

}  // namespace orthoscribe::engine::http
