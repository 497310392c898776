// SPDX-License-Identifier: GPL-2.0-or-later
// Which family prepares its images how. A new family is one line.
#include <map>

#include "core/base/error.h"
#include "core/vision/blip_processor.h"
#include "core/vision/got_ocr_processor.h"
#include "core/vision/image_processor.h"
#include "core/vision/internvl_processor.h"
#include "core/vision/qwen_processor.h"
#include "core/vision/square_processor.h"

namespace orthoscribe::vision {
namespace {

using Maker = std::unique_ptr<ImageProcessor> (*)(const ConfigFile&, const Normalisation&);

template <typename Processor>
std::unique_ptr<ImageProcessor> make(const ConfigFile& config, const Normalisation& normalisation) {
  return std::make_unique<Processor>(config, normalisation);
}

// For those that read preprocessor_config.json themselves.
template <typename Processor>
std::unique_ptr<ImageProcessor> makeByFile(const ConfigFile& config, const Normalisation&) {
  return std::make_unique<Processor>(config);
}

const std::map<std::string, Maker>& makers() {
  static const std::map<std::string, Maker> kMakers{
      {"instructblip", makeByFile<BlipProcessor>}, {"internvl", makeByFile<GotOcrProcessor>},
      {"internvl_chat", make<InternVlProcessor>},  {"qwen2_5_vl", make<QwenProcessor>},
      {"qwen3_vl", make<QwenProcessor>},           {"starter", make<SquareProcessor>},
  };
  return kMakers;
}

}  // namespace

std::unique_ptr<ImageProcessor> loadImageProcessor(const std::filesystem::path& modelDirectory) {
  const ConfigFile config(modelDirectory / "config.json");
  const std::string family = config.text("model_type");
  const auto maker = makers().find(family);
  if (maker == makers().end()) {
    std::string known;
    for (const auto& [name, unused] : makers()) known += (known.empty() ? "" : ", ") + name;
    throw Error(ErrorCode::Unsupported, config.path().string() + ": model_type '" + family + "' has no image processor",
                "known: " + known);
  }
  return maker->second(config, readNormalisation(modelDirectory));
}

}  // namespace orthoscribe::vision
