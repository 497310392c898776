// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/layer_training/layer_labels.h"

#include <algorithm>
#include <cctype>

#include "core/base/error.h"
#include "core/geo/polygon_file.h"
#include "core/learn/data/vocabulary.h"

namespace orthoscribe::learn {
namespace {

constexpr std::string_view kLayerKey = "layername=";

std::string lowerCase(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string knownClasses() {
  std::string names;
  for (const std::string_view name : kObjectClasses) names += (names.empty() ? "" : ", ") + std::string(name);
  return names;
}

int classNamed(const std::string& label) {
  if (const auto known = objectClassNamed(lowerCase(label))) return *known;
  throw Error(ErrorCode::InvalidInput, "the label '" + label + "' is no class of this model",
              "map it to one with --as; there are " + knownClasses());
}

bool isRejected(const std::string& path, const std::string& status) {
  const std::string said = lowerCase(status);
  if (said.empty() || said == "accepted" || said == "corrected") return false;
  if (said == "rejected") return true;
  throw Error(ErrorCode::InvalidInput, path + ": the status '" + status + "' is unknown",
              "known are accepted, corrected and rejected; none means accepted");
}

struct LayerPlace {
  std::string file;
  std::string layer;
};

LayerPlace placeOf(const std::string& path) {
  const std::size_t bar = path.find('|');
  if (bar == std::string::npos) return {path, {}};
  std::string layer = path.substr(bar + 1);
  layer = layer.substr(0, layer.find('|'));
  if (layer.starts_with(kLayerKey)) layer = layer.substr(kLayerKey.size());
  return {path.substr(0, bar), layer};
}

std::string valueOf(const geo::LabelledPolygon& polygon, const std::string& field) {
  const auto found = polygon.attributes.find(field);
  return found == polygon.attributes.end() ? std::string() : found->second;
}

}  // namespace

std::vector<LayerLabel> readLayerLabels(const LabelSource& source, const geo::RasterSource& raster) {
  if (source.labelField.empty() && source.label.empty() && source.asClass.empty()) {
    throw Error(ErrorCode::InvalidInput, "it is not said of which class the polygons are",
                "give --label NAME, or --label-field FIELD; the classes are " + knownClasses());
  }
  std::vector<std::string> fields;
  for (const std::string& field : {source.labelField, source.statusField})
    if (!field.empty()) fields.push_back(field);
  const LayerPlace place = placeOf(source.path);
  std::vector<LayerLabel> labels;
  for (geo::LabelledPolygon& polygon : geo::layerPolygonsOnRaster(place.file, place.layer, fields, raster)) {
    std::string name = source.asClass;
    if (name.empty()) name = valueOf(polygon, source.labelField);
    if (name.empty()) name = source.label;
    if (name.empty()) {
      throw Error(ErrorCode::InvalidInput, source.path + ": a polygon has no value in the field '" + source.labelField + "'",
                  "fill it in, or say with --label what such polygons are");
    }
    const bool rejected = isRejected(source.path, valueOf(polygon, source.statusField));
    labels.push_back({std::move(polygon.outline), classNamed(name), rejected});
  }
  return labels;
}

}  // namespace orthoscribe::learn
