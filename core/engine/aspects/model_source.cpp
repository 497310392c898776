// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/aspects/model_source.h"

#include "core/base/error.h"

namespace orthoscribe::engine {
namespace {

namespace fs = std::filesystem;

void addSet(const fs::path& folder, ModelSource& source) {
  if (source.aspects)
    throw Error(ErrorCode::InvalidInput, folder.string() + ": a second set of aspect experts cannot be used beside the first",
                "name one of them");
  source.aspects = readAspectSet(folder);
  source.besides.push_back(folder);
  for (const fs::path& expert : source.aspects->bank())
    if (!expert.empty()) source.besides.push_back(expert);
}

}  // namespace

ModelSource findModelSource(const fs::path& model, const std::vector<fs::path>& adapters) {
  ModelSource source;
  const bool isModel = fs::exists(model / "config.json");
  if (isAspectSet(model)) {
    addSet(model, source);
    if (!isModel) source.name = fs::absolute(model / "").lexically_normal().parent_path().filename().string();
  } else if (!isModel) {
    throw Error(ErrorCode::NotFound, "no model in " + model.string() + ": config.json is missing",
                "give a folder in Hugging Face layout");
  }
  source.base = isModel ? model : baseFolderOf(*source.aspects, model);
  if (!isModel && !fs::exists(source.base / "config.json"))
    throw Error(ErrorCode::NotFound, "no model in " + source.base.string() + ", which " + (model / kAspectFile).string() +
                                         " names as its base: config.json is missing");
  for (const fs::path& adapter : adapters) {
    if (isAspectSet(adapter)) {
      addSet(adapter, source);
      continue;
    }
    source.adapters.push_back(adapter);
    source.besides.push_back(adapter);
  }
  return source;
}

}  // namespace orthoscribe::engine
