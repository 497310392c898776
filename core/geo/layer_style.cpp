// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/geo/layer_style.h"

#include <cpl_minixml.h>

#include <array>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <string_view>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/geo/gdal_support.h"

namespace orthoscribe::geo {
namespace {

constexpr std::array<const char*, 7> kColours = {"230,159,0,255",   "86,180,233,255", "240,228,66,255", "213,94,0,255",
                                                 "204,121,167,255", "0,158,115,255",  "0,114,178,255"};
constexpr std::array<const char*, 4> kLines = {"solid", "dash", "dot", "dash dot"};
// More would not be told apart, nor read in a legend.
constexpr std::size_t kMostCategories = kColours.size() * kLines.size();

CPLXMLNode* childNamed(CPLXMLNode* parent, const char* element) {
  for (CPLXMLNode* child = parent ? parent->psChild : nullptr; child; child = child->psNext) {
    if (child->eType == CXT_Element && std::strcmp(child->pszValue, element) == 0) return child;
  }
  return nullptr;
}

// The entry of a QML map: <Option name="..."/>.
CPLXMLNode* optionNamed(CPLXMLNode* map, std::string_view name) {
  for (CPLXMLNode* child = map ? map->psChild : nullptr; child; child = child->psNext) {
    if (child->eType == CXT_Element && name == CPLGetXMLValue(child, "name", "")) return child;
  }
  return nullptr;
}

void setAttribute(CPLXMLNode* element, const char* name, const std::string& value) {
  CPLSetXMLValue(element, (std::string("#") + name).c_str(), value.c_str());
}

CPLXMLNode* lastLayer(CPLXMLNode* symbol) {
  CPLXMLNode* last = nullptr;
  for (CPLXMLNode* child = symbol->psChild; child; child = child->psNext) {
    if (child->eType == CXT_Element && std::strcmp(child->pszValue, "layer") == 0) last = child;
  }
  return last;
}

// The last symbol layer is the coloured line, those before it set it off from the image.
void paint(CPLXMLNode* symbol, const char* colour, const char* line) {
  CPLXMLNode* layer = lastLayer(symbol);
  CPLXMLNode* properties = childNamed(layer, "Option");
  if (CPLXMLNode* option = optionNamed(properties, "outline_color")) setAttribute(option, "value", colour);
  if (CPLXMLNode* option = optionNamed(properties, "outline_style")) setAttribute(option, "value", line);
  if (CPLXMLNode* defined = childNamed(layer, "data_defined_properties")) {
    CPLRemoveXMLChild(layer, defined);
    CPLDestroyXMLNode(defined);
  }
}

void prepend(CPLXMLNode* parent, CPLXMLNode* child, CPLXMLNode* before) {
  CPLXMLNode** link = &parent->psChild;
  while (*link && *link != before) link = &(*link)->psNext;
  child->psNext = before;
  *link = child;
}

}  // namespace

std::string detectionStyle(const std::vector<std::string>& labels) {
  const std::filesystem::path file = resourceDirectory() / "styles" / "detections.qml";
  const std::string text = readTextFile(file);
  const GdalMessages messages;
  const CPLXMLTreeCloser tree(CPLParseXMLString(text.c_str()));
  CPLXMLNode* renderer = tree.get() ? CPLGetXMLNode(tree.get(), "=qgis.renderer-v2") : nullptr;
  CPLXMLNode* categories = childNamed(renderer, "categories");
  CPLXMLNode* symbols = childNamed(renderer, "symbols");
  CPLXMLNode* category = childNamed(categories, "category");
  CPLXMLNode* symbol = childNamed(symbols, "symbol");
  if (!category || !symbol) {
    throw Error(ErrorCode::InvalidInput, file.string() + " is no QGIS style with categories", "reinstall Orthoscribe");
  }
  for (std::size_t i = 0; i < labels.size() && i < kMostCategories; ++i) {
    CPLXMLNode* ownCategory = CPLCreateXMLNode(nullptr, CXT_Element, "category");
    setAttribute(ownCategory, "type", "string");
    setAttribute(ownCategory, "value", labels[i]);
    setAttribute(ownCategory, "label", labels[i]);
    setAttribute(ownCategory, "symbol", std::to_string(i + 1));
    setAttribute(ownCategory, "render", "true");
    prepend(categories, ownCategory, category);

    // Cloning takes the siblings that follow along; the resource's own symbol stays the last, so it has none.
    CPLXMLNode* ownSymbol = CPLCloneXMLTree(symbol);
    setAttribute(ownSymbol, "name", std::to_string(i + 1));
    paint(ownSymbol, kColours[i % kColours.size()], kLines[i / kColours.size()]);
    prepend(symbols, ownSymbol, symbol);
  }
  char* serialized = CPLSerializeXMLTree(tree.get());
  std::string result = serialized ? serialized : "";
  CPLFree(serialized);
  return result;
}

}  // namespace orthoscribe::geo
