// SPDX-License-Identifier: GPL-2.0-or-later
// Qwen2.5-VL and what was trained from it, RSCoVLM among them: a tower with windows before a Qwen2 decoder with positions on
// three axes (reference/rscovlm.md 1.1 to 1.6).
#include <string>
#include <utility>

#include "core/model/blocks/decoder_network.h"
#include "core/model/blocks/qwen25_vision.h"
#include "core/model/families/builders.h"
#include "core/model/families/qwen_vl_fields.h"

namespace orthoscribe::model {
namespace {

DecoderConfig readDecoder(const ConfigFields& config, const Scope& weights) {
  const ConfigFields text = textFields(config);
  DecoderConfig decoder = readQwen2(text, weights);
  decoder.tiedEmbeddings = readTied(config, text, weights);
  decoder.rotaryAxes = axesInSections(readRotarySections(text, decoder.headSize));
  return decoder;
}

Qwen25VisionConfig readVision(const ConfigFields& fields, std::int64_t decoderHidden) {
  if (fields.textOr("hidden_act", "silu") != "silu") fields.unsupported("hidden_act", "is not \"silu\"");
  Qwen25VisionConfig vision;
  vision.tower = readQwenVision(fields, decoderHidden);
  const std::int64_t tokenSide = vision.tower.patchSide * vision.tower.merge;
  vision.windowTokens = fields.countOr("window_size", 112) / tokenSide;
  if (vision.windowTokens < 1) fields.wrong("window_size", "is below a token's " + std::to_string(tokenSide) + " pixels");
  const std::vector<std::int64_t> full =
      fields.has("fullatt_block_indexes") ? fields.integers("fullatt_block_indexes") : std::vector<std::int64_t>{7, 15, 23, 31};
  vision.fullLayers.insert(full.begin(), full.end());
  return vision;
}

}  // namespace

std::unique_ptr<Network> buildQwen25Vl(const ConfigFields& config, const Scope& weights, Adapters adapters) {
  RenamedWeights renamed = qwenVlWeights(weights);
  const Scope scope(renamed, weights.prefix());
  const DecoderConfig decoder = readDecoder(config, scope);
  auto encoder = std::make_unique<Qwen25Vision>(scope.sub("visual"), readVision(config.object("vision_config"), decoder.hidden));
  return std::make_unique<DecoderNetwork>("qwen2_5_vl", Decoder(scope, decoder, adapters), std::move(encoder));
}

}  // namespace orthoscribe::model
