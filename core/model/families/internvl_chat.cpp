// SPDX-License-Identifier: GPL-2.0-or-later
// InternVL-chat (SkyNova, EarthDial, InternVL2): InternViT, pixel shuffle, projector, and one of several decoders (skynova.md
// sections 1 and 2).
#include <string>
#include <utility>

#include "core/model/blocks/decoder_network.h"
#include "core/model/blocks/internvl_encoder.h"
#include "core/model/families/builders.h"
#include "core/model/families/internlm2.h"
#include "core/model/families/internvl_fields.h"

namespace orthoscribe::model {
namespace {

// The published class has the defaults of another size, so every field must be there (skynova.md section 1.1).
VisionTransformerConfig readTower(const ConfigFields& config) {
  const ConfigFields fields = config.object("vision_config");
  if (fields.text("model_type") != "intern_vit_6b") fields.unsupported("model_type", "is not \"intern_vit_6b\"");
  VisionTransformerConfig tower = readInternVit(fields);
  tower.patchSide = fields.count("patch_size");
  tower.imageSide = fields.count("image_size");
  tower.qkvBias = fields.flag("qkv_bias");
  tower.qkNorm = fields.flag("qk_normalization");
  tower.qkNormEpsilon = tower.normEpsilon;
  checkDivides(fields, tower);
  tower.selectedState = readSelectedState(config, "select_layer", tower.layers);
  return tower;
}

// The language model, with the weights under the names that our decoder asks for.
struct Language {
  DecoderConfig config;
  std::unique_ptr<WeightSource> renamed = {};  // nothing: they have those names already
};

Language readLanguage(const ConfigFields& config, const Scope& weights) {
  const ConfigFields fields = config.object("llm_config");
  const std::vector<std::string> architectures = fields.texts("architectures");
  const std::string name = architectures.empty() ? "" : architectures.front();
  if (name == "Qwen2ForCausalLM") return {.config = readQwen2(fields, weights)};
  if (name == "Phi3ForCausalLM") return {.config = readPhi3(fields, weights)};
  if (name == "LlamaForCausalLM") return {.config = readLlama(fields, weights)};
  if (name == "InternLM2ForCausalLM") {
    const DecoderConfig decoder = readInternLm2(fields, weights);
    return {.config = decoder, .renamed = std::make_unique<InternLm2Weights>(weights.source(), decoder)};
  }
  fields.unsupported("architectures", "is '" + name +
                                          "'; known are Qwen2ForCausalLM, Phi3ForCausalLM, LlamaForCausalLM, "
                                          "InternLM2ForCausalLM");
}

}  // namespace

std::unique_ptr<Network> buildInternVlChat(const ConfigFields& config, const Scope& weights, Adapters adapters) {
  for (const char* field : {"use_llm_lora", "use_backbone_lora"}) {
    if (config.integerOr(field, 0) != 0) {
      config.unsupported(field, "is set: the checkpoint holds an unmerged LoRA; merge it with InternVL's tool first");
    }
  }
  const std::string version = config.text("ps_version");
  if (version != "v2") config.unsupported("ps_version", "is '" + version + "'; only the pixel shuffle v2 is supported");
  const Language language = readLanguage(config, weights.sub("language_model"));
  const VisionTransformerConfig tower = readTower(config);
  const std::int64_t shuffle = readShuffle(config);
  auto encoder = std::make_unique<InternVlEncoder>(
      VisionTransformer(weights.sub("vision_model"), tower, adapters),
      PixelShuffleProjector(weights.sub("mlp1"), tower.hidden * shuffle * shuffle, language.config.hidden, {}, adapters),
      tower.patchSide, shuffle);
  const Scope languageWeights =
      Scope(language.renamed ? *language.renamed : weights.source(), weights.prefix()).sub("language_model");
  return std::make_unique<DecoderNetwork>("internvl_chat", Decoder(languageWeights, language.config, adapters),
                                          std::move(encoder));
}

}  // namespace orthoscribe::model
