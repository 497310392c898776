// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/tasks/dialects/dialects.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "core/base/error.h"
#include "core/base/smart_resize.h"
#include "core/tasks/dialects/grammar.h"

namespace orthoscribe::tasks {
namespace {

struct Listed {
  std::string_view name;
  const Dialect& (*dialect)();
};

constexpr std::array<Listed, 10> kDialects = {{
    {"starter", starterDialect},
    {"rscovlm_polygon", rscovlmPolygonDialect},
    {"rscovlm_hbb", rscovlmHbbDialect},
    {"rscovlm_obb", rscovlmObbDialect},
    {"skynova", skynovaDialect},
    {"qwen2_5_vl", qwen25VlDialect},
    {"qwen3_vl", qwen3VlDialect},
    {"internvl", internvlDialect},
    {"geochat", geochatDialect},
    {"lmmrotate", lmmrotateDialect},
}};

// What models of foreign servers are called; the first that stands in the name counts, so the special ones come first.
struct Hint {
  std::string_view part;  // letters and digits only
  const Dialect& (*dialect)();
};

constexpr std::array<Hint, 11> kHints = {{
    {"rscovlm", rscovlmPolygonDialect},
    {"skynova", skynovaDialect},
    {"earthdial", skynovaDialect},
    {"geochat", geochatDialect},
    {"lmmrotate", lmmrotateDialect},
    {"florence2", lmmrotateDialect},
    {"qwen3vl", qwen3VlDialect},
    {"qwen25vl", qwen25VlDialect},
    {"qwen2vl", qwen25VlDialect},
    {"internvl", internvlDialect},
    {"starter", starterDialect},
}};

std::string lettersAndDigits(std::string_view text) {
  std::string result;
  for (const char character : lowered(text)) {
    if ((character >= 'a' && character <= 'z') || (character >= '0' && character <= '9')) result += character;
  }
  return result;
}

std::string knownNames() {
  std::vector<std::string> names;
  for (const Listed& listed : kDialects) names.emplace_back(listed.name);
  return joined(names, ", ");
}

}  // namespace

const Dialect* findDialect(std::string_view name) {
  for (const Listed& listed : kDialects) {
    if (listed.name == name) return &listed.dialect();
  }
  return nullptr;
}

PictureFrame Dialect::frameFor(int width, int height, const ModelInfo& info) const {
  if (!countsResizedPixels() || !info.resize) return frameOf(width, height);
  const PictureSize seen = smartResize(width, height, *info.resize);
  return {double(width), double(height), double(seen.width), double(seen.height)};
}

std::vector<Message> Dialect::taughtDetectMessages(const std::vector<std::string>& classes, RgbImage picture) const {
  return detectMessages(classes, std::move(picture));
}

std::string Dialect::spokenName(std::string_view className) const {
  std::string name = lowered(className);
  std::replace_if(name.begin(), name.end(), [](char c) { return c == '-' || c == '_'; }, ' ');
  return name;
}

std::string Dialect::formatAnswer(const std::vector<NamedQuad>& objects, const PictureFrame& frame) const {
  if (objects.empty()) return "There are none.";
  std::vector<std::string> entries;
  for (const NamedQuad& object : objects) entries.push_back(format(geo::minimumAreaRectangle(object.quad), object.label, frame));
  return joined(entries, "\n");
}

const Dialect& dialectNamed(std::string_view name) {
  if (const Dialect* dialect = findDialect(name)) return *dialect;
  throw Error(ErrorCode::Unsupported, "the dialect '" + std::string(name) + "' is not known", "known are " + knownNames());
}

std::vector<std::string_view> dialectNames() {
  std::vector<std::string_view> names;
  for (const Listed& listed : kDialects) names.push_back(listed.name);
  return names;
}

const Dialect* findDialectFor(const ModelInfo& info) {
  if (const Dialect* dialect = findDialect(info.dialect)) return dialect;
  for (const std::string& said : {lettersAndDigits(info.name), lettersAndDigits(info.family)}) {
    for (const Hint& hint : kHints) {
      if (said.find(hint.part) != std::string::npos) return &hint.dialect();
    }
  }
  return nullptr;
}

const Dialect& dialectFor(const ModelInfo& info) {
  if (const Dialect* dialect = findDialectFor(info)) return *dialect;
  throw Error(ErrorCode::Unsupported, "it is not known how the model '" + info.name + "' writes boxes",
              "name its dialect, one of " + knownNames());
}

}  // namespace orthoscribe::tasks
