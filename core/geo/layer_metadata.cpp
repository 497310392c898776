// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/geo/layer_metadata.h"

#include <cpl_conv.h>
#include <cpl_minixml.h>

#include <nlohmann/json.hpp>

#include "core/base/text_encoding.h"

namespace orthoscribe::geo {
namespace {

// XML has no place for control characters, nor for what is not UTF-8.
std::string xmlText(const std::string& text) {
  std::string clean = repairUtf8(text);
  for (char& c : clean) {
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') c = ' ';
  }
  return clean;
}

void addElement(CPLXMLNode* parent, const char* name, const std::string& text) {
  CPLCreateXMLElementAndValue(parent, name, xmlText(text).c_str());
}

}  // namespace

std::string layerDescription(const Provenance& provenance, std::size_t count) {
  std::string text = std::to_string(count) + (count == 1 ? " object" : " objects") + " detected";
  if (!provenance.sourceRaster.empty()) text += " on " + provenance.sourceRaster;
  if (!provenance.model.empty()) text += " by the model " + provenance.model;
  if (!provenance.adapter.empty()) text += " with the adapter " + provenance.adapter;
  text += ", Orthoscribe";
  if (!provenance.programVersion.empty()) text += " " + provenance.programVersion;
  if (!provenance.time.empty()) text += ", " + provenance.time;
  return text + ". Boxes are a model's opinion: check them before relying on them.";
}

std::vector<std::pair<std::string, std::string>> metadataItems(const Provenance& provenance) {
  std::string parameters;
  if (!provenance.parameters.empty()) {
    parameters = nlohmann::json(provenance.parameters).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }
  std::vector<std::pair<std::string, std::string>> items;
  const auto add = [&items](const char* name, const std::string& value) {
    if (!value.empty()) items.emplace_back(name, repairUtf8(value));
  };
  add("model", provenance.model);
  add("model_hash", provenance.modelHash);
  add("adapter", provenance.adapter);
  add("prompt", provenance.prompt);
  add("parameters", parameters);
  add("source_raster", provenance.sourceRaster);
  add("program_version", provenance.programVersion);
  add("time", provenance.time);
  return items;
}

std::string qgisMetadata(const Provenance& provenance, const std::string& title, std::size_t count) {
  const CPLXMLTreeCloser root(CPLCreateXMLNode(nullptr, CXT_Element, "qgis"));
  CPLAddXMLAttributeAndValue(root.get(), "version", "3.40.0");
  addElement(root.get(), "identifier", "");
  addElement(root.get(), "parentidentifier", "");
  addElement(root.get(), "language", "ENG");
  addElement(root.get(), "type", "dataset");
  addElement(root.get(), "title", title);
  addElement(root.get(), "abstract", layerDescription(provenance, count));
  CPLXMLNode* keywords = CPLCreateXMLNode(root.get(), CXT_Element, "keywords");
  CPLAddXMLAttributeAndValue(keywords, "vocabulary", "Orthoscribe");
  addElement(keywords, "keyword", "object detection");
  // One line of history an item, which QGIS shows as a list.
  for (const auto& [name, value] : metadataItems(provenance)) addElement(root.get(), "history", name + ": " + value);
  char* serialized = CPLSerializeXMLTree(root.get());
  const std::string text = std::string("<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n") + serialized;
  CPLFree(serialized);
  return text;
}

}  // namespace orthoscribe::geo
