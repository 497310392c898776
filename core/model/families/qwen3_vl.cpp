// SPDX-License-Identifier: GPL-2.0-or-later
// Qwen3-VL: a tower with learnt positions and deepstack before a Qwen3 decoder, whose heads are normed and whose positions on
// three axes take turns among the frequencies (reference/rscovlm.md 1.7).
#include <cmath>
#include <string>
#include <utility>

#include "core/model/blocks/decoder_network.h"
#include "core/model/blocks/qwen3_vision.h"
#include "core/model/families/builders.h"
#include "core/model/families/decoder_fields.h"
#include "core/model/families/qwen_vl_fields.h"

namespace orthoscribe::model {
namespace {

DecoderConfig readDecoder(const ConfigFields& config, const Scope& weights) {
  const ConfigFields text = textFields(config);
  DecoderConfig decoder = readDecoderFields(text, weights);
  if (text.flagOr("attention_bias", false)) text.unsupported("attention_bias", "is set, which is not supported");
  decoder.headNorm = true;
  decoder.tiedEmbeddings = readTied(config, text, weights);
  decoder.rotaryAxes = axesInterleaved(readRotarySections(text, decoder.headSize));
  return decoder;
}

Qwen3VisionConfig readVision(const ConfigFields& fields, const DecoderConfig& decoder) {
  const std::string activation = fields.text("hidden_act");
  if (activation != "gelu_pytorch_tanh") fields.unsupported("hidden_act", "is not \"gelu_pytorch_tanh\"");
  Qwen3VisionConfig vision;
  vision.tower = readQwenVision(fields, decoder.hidden);
  const std::int64_t positions = fields.count("num_position_embeddings");
  vision.positionSide = std::llround(std::sqrt(static_cast<double>(positions)));
  if (vision.positionSide * vision.positionSide != positions) fields.wrong("num_position_embeddings", "is no square");
  vision.deepLayers = fields.integers("deepstack_visual_indexes");
  if (vision.deepLayers.size() > static_cast<std::size_t>(decoder.layers)) {
    fields.wrong("deepstack_visual_indexes", "names more layers than the decoder has");
  }
  for (const std::int64_t layer : vision.deepLayers) {
    if (layer < 0 || layer >= vision.tower.layers) {
      fields.wrong("deepstack_visual_indexes", "names layer " + std::to_string(layer) + ", which the tower does not have");
    }
  }
  return vision;
}

}  // namespace

std::unique_ptr<Network> buildQwen3Vl(const ConfigFields& config, const Scope& weights, Adapters adapters) {
  RenamedWeights renamed = qwenVlWeights(weights);
  const Scope scope(renamed, weights.prefix());
  const DecoderConfig decoder = readDecoder(config, scope);
  auto encoder = std::make_unique<Qwen3Vision>(scope.sub("visual"), readVision(config.object("vision_config"), decoder));
  return std::make_unique<DecoderNetwork>("qwen3_vl", Decoder(scope, decoder, adapters), std::move(encoder));
}

}  // namespace orthoscribe::model
