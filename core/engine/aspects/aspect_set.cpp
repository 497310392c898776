// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/aspects/aspect_set.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "core/base/error.h"
#include "core/base/files.h"

namespace orthoscribe::engine {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::string_view kFormat = "orthoscribe-rsmoe/1";
constexpr std::size_t kMostAspects = 16;
constexpr std::array kRouterModes = {std::pair(std::string_view("template"), RouterMode::Template),
                                     std::pair(std::string_view("generate"), RouterMode::Generate)};
constexpr std::array kFusionModes = {std::pair(std::string_view("generate"), FusionMode::Generate),
                                     std::pair(std::string_view("concat"), FusionMode::Concat),
                                     std::pair(std::string_view("best"), FusionMode::Best)};

// Fields of one object of the file.
class Fields {
 public:
  Fields(const fs::path& folder, const json& object, std::string path)
      : folder_(folder), object_(object), path_(std::move(path)) {
    if (!object.is_object()) wrong("", "is no object");
  }

  const json* find(const char* name) const {
    const auto found = object_.find(name);
    return found == object_.end() || found->is_null() ? nullptr : &*found;
  }
  std::string text(const char* name, const std::string& otherwise) const {
    const json* value = find(name);
    if (!value) return otherwise;
    if (!value->is_string()) wrong(name, "is no text");
    return value->get<std::string>();
  }
  int count(const char* name, int otherwise) const {
    constexpr int kMost = 1 << 20;
    const json* value = find(name);
    if (!value) return otherwise;
    if (!value->is_number_integer() || *value < 1 || *value > kMost) wrong(name, "is no number from 1 on");
    return value->get<int>();
  }
  // Empty where the field is missing.
  fs::path existing(const char* name) const {
    const std::string said = text(name, "");
    if (said.empty()) return {};
    const fs::path path = fs::absolute(folder_ / said).lexically_normal();
    if (fs::exists(path)) return path;
    throw Error(
        ErrorCode::NotFound,
        (folder_ / kAspectFile).string() + ": field '" + path_ + name + "' names " + path.string() + ", which does not exist",
        "put it there, or set the field to null to let the base model answer");
  }
  template <typename Mode, std::size_t count>
  Mode mode(const std::array<std::pair<std::string_view, Mode>, count>& known, Mode otherwise) const {
    const json* value = find("mode");
    if (!value) return otherwise;
    std::string names;
    for (const auto& [name, mode] : known) {
      if (*value == name) return mode;
      names += (names.empty() ? "" : ", ") + std::string(name);
    }
    wrong("mode", "is none of " + names);
  }
  Fields object(const char* name) const {
    static const json none = json::object();
    const json* value = find(name);
    return {folder_, value ? *value : none, path_ + name + "."};
  }
  [[noreturn]] void wrong(const std::string& name, const std::string& what) const {
    throw Error(ErrorCode::InvalidInput, (folder_ / kAspectFile).string() + ": field '" + path_ + name + "' " + what);
  }

 private:
  const fs::path& folder_;
  const json& object_;
  std::string path_;
};

Aspect readAspect(const Fields& fields) {
  Aspect aspect;
  aspect.name = fields.text("name", "");
  if (aspect.name.empty()) fields.wrong("name", "is missing");
  for (const Aspect& usual : plainAspects().aspects)
    if (usual.name == aspect.name) aspect = usual;
  aspect.instruction = fields.text("default_instruction", aspect.instruction);
  if (aspect.instruction.empty()) fields.wrong("default_instruction", "is missing");
  aspect.maxNewTokens = fields.count("max_new_tokens", aspect.maxNewTokens);
  aspect.adapter = fields.existing("adapter");
  return aspect;
}

std::vector<Aspect> readAspects(const Fields& fields, const fs::path& folder) {
  const json* list = fields.find("aspects");
  if (!list || !list->is_array() || list->empty()) fields.wrong("aspects", "is no list of aspects");
  if (list->size() > kMostAspects) fields.wrong("aspects", "has more than " + std::to_string(kMostAspects) + " entries");
  std::vector<Aspect> aspects;
  std::set<std::string> names;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const std::string path = "aspects[" + std::to_string(i) + "].";
    const Fields entry(folder, (*list)[i], path);
    if (const json* id = entry.find("id"); id && *id != i) entry.wrong("id", "is not " + std::to_string(i));
    aspects.push_back(readAspect(entry));
    if (!names.insert(aspects.back().name).second) entry.wrong("name", "comes twice");
  }
  return aspects;
}

json relativeTo(const fs::path& path, const fs::path& folder) {
  if (path.empty()) return nullptr;
  return fs::absolute(path).lexically_normal().lexically_relative(fs::absolute(folder).lexically_normal()).generic_string();
}

}  // namespace

std::string_view nameOf(RouterMode mode) {
  return std::ranges::find(kRouterModes, mode, &std::pair<std::string_view, RouterMode>::second)->first;
}

std::string_view nameOf(FusionMode mode) {
  return std::ranges::find(kFusionModes, mode, &std::pair<std::string_view, FusionMode>::second)->first;
}

std::vector<fs::path> AspectSet::bank() const {
  std::vector<fs::path> folders;
  for (const Aspect& aspect : aspects) folders.push_back(aspect.adapter);
  folders.push_back(routerAdapter);
  folders.push_back(fusionAdapter);
  return folders;
}

bool AspectSet::hasExperts() const {
  const std::vector<fs::path> folders = bank();
  return std::ranges::any_of(folders, [](const fs::path& folder) { return !folder.empty(); });
}

bool isAspectSet(const fs::path& folder) {
  return fs::exists(folder / kAspectFile);
}

AspectSet plainAspects() {
  AspectSet set;
  set.aspects = {{.name = "theme",
                  .instruction = "Describe the overall scene of this remote sensing image: land use, image type and resolution.",
                  .maxNewTokens = 64,
                  .adapter = {}},
                 {.name = "objects",
                  .instruction = "Describe the objects visible in this remote sensing image with their number, color, size and "
                                 "state.",
                  .maxNewTokens = 96,
                  .adapter = {}},
                 {.name = "relations",
                  .instruction = "Describe where the objects are in this remote sensing image and how they lie relative to each "
                                 "other.",
                  .maxNewTokens = 96,
                  .adapter = {}}};
  return set;
}

AspectSet readAspectSet(const fs::path& folder) {
  const json document = json::parse(readTextFile(folder / kAspectFile), nullptr, false);
  const Fields fields(folder, document, "");
  if (const std::string format = fields.text("format", ""); format != kFormat) {
    throw Error(ErrorCode::Unsupported,
                (folder / kAspectFile).string() + ": field 'format' is '" + format + "', known is " + std::string(kFormat));
  }
  AspectSet set;
  set.base = fields.text("base", "");
  set.visual = fields.existing("visual");
  set.aspects = readAspects(fields, folder);
  const Fields router = fields.object("router");
  set.routerAdapter = router.existing("adapter");
  set.routerMode = set.routerAdapter.empty() ? RouterMode::Template : router.mode(kRouterModes, RouterMode::Generate);
  const Fields fusion = fields.object("fusion");
  set.fusionAdapter = fusion.existing("adapter");
  set.fusionMode = fusion.mode(kFusionModes, set.fusionAdapter.empty() ? FusionMode::Concat : FusionMode::Generate);
  if (set.fusionAdapter.empty() && set.fusionMode == FusionMode::Generate) set.fusionMode = FusionMode::Concat;
  set.relevance = fields.object("relevance").existing("file");
  set.stage = fields.count("stage", set.stage);
  set.createdBy = fields.text("created_by", "");
  return set;
}

void writeAspectSet(const fs::path& folder, const AspectSet& set) {
  json aspects = json::array();
  for (std::size_t i = 0; i < set.aspects.size(); ++i) {
    const Aspect& aspect = set.aspects[i];
    aspects.push_back({{"id", i},
                       {"name", aspect.name},
                       {"adapter", relativeTo(aspect.adapter, folder)},
                       {"default_instruction", aspect.instruction},
                       {"max_new_tokens", aspect.maxNewTokens}});
  }
  const json relevance = set.relevance.empty() ? json(nullptr) : json{{"file", relativeTo(set.relevance, folder)}};
  const json document = {{"format", kFormat},
                         {"base", set.base},
                         {"visual", relativeTo(set.visual, folder)},
                         {"aspects", std::move(aspects)},
                         {"router", {{"mode", nameOf(set.routerMode)}, {"adapter", relativeTo(set.routerAdapter, folder)}}},
                         {"fusion", {{"mode", nameOf(set.fusionMode)}, {"adapter", relativeTo(set.fusionAdapter, folder)}}},
                         {"relevance", relevance},
                         {"stage", set.stage},
                         {"created_by", set.createdBy}};
  writeTextFile(folder / kAspectFile, document.dump(2) + "\n");
}

fs::path baseFolderOf(const AspectSet& set, const fs::path& folder) {
  if (set.base.empty()) {
    throw Error(ErrorCode::NotFound, (folder / kAspectFile).string() + ": field 'base' names no model",
                "open a model and give this folder as its adapter");
  }
  const fs::path path = fs::absolute(folder / set.base).lexically_normal();
  if (fs::is_directory(path)) return path;
  return findModelDirectory(set.base);
}

}  // namespace orthoscribe::engine
