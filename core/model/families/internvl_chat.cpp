// SPDX-License-Identifier: GPL-2.0-or-later
// InternVL-chat (SkyNova, EarthDial, InternVL2): InternViT, pixel shuffle, projector, and a Qwen2 or Phi-3 decoder (skynova.md
// sections 1 and 2).
#include <ATen/ATen.h>

#include <cmath>
#include <string>
#include <utility>

#include "core/base/error.h"
#include "core/model/blocks/decoder_network.h"
#include "core/model/blocks/pixel_shuffle_projector.h"
#include "core/model/blocks/vision_transformer.h"
#include "core/model/families/builders.h"

namespace orthoscribe::model {
namespace {

class InternVlEncoder : public ImageEncoder {
 public:
  InternVlEncoder(const Scope& weights, const VisionTransformerConfig& tower, std::int64_t shuffle, std::int64_t decoderHidden,
                  Adapters adapters)
      : patchSide_(tower.patchSide),
        shuffle_(shuffle),
        tower_(weights.sub("vision_model"), tower, adapters),
        projector_(weights.sub("mlp1"), tower.hidden * shuffle * shuffle, decoderHidden, adapters) {}

  torch::Tensor encode(const torch::Tensor& pixels, const Observer* observer) const override {
    const torch::Tensor patches = tower_.forward(pixels, observer);
    const std::int64_t rows = pixels.size(2) / patchSide_;
    const std::int64_t columns = pixels.size(3) / patchSide_;
    if (rows % shuffle_ != 0 || columns % shuffle_ != 0) {
      throw Error(ErrorCode::InvalidInput, "an image tensor's sides must be multiples of " +
                                               std::to_string(patchSide_ * shuffle_) + " pixels for this model");
    }
    const torch::Tensor features = pixelShuffle(patches, rows, columns, shuffle_);
    tell(observer, "vision_features", features);
    const torch::Tensor projected = projector_.forward(features);
    tell(observer, "vision_projected", projected);
    return projected.flatten(0, 1);
  }

 private:
  std::int64_t patchSide_;
  std::int64_t shuffle_;
  VisionTransformer tower_;
  PixelShuffleProjector projector_;
};

// The published class has the defaults of another size, so every field must be there (skynova.md section 1.1).
VisionTransformerConfig readTower(const ConfigFields& config, std::int64_t selectLayer) {
  const ConfigFields fields = config.object("vision_config");
  if (fields.text("model_type") != "intern_vit_6b") fields.unsupported("model_type", "is not \"intern_vit_6b\"");
  if (fields.text("hidden_act") != "gelu") fields.unsupported("hidden_act", "is not \"gelu\"");
  if (fields.count("num_channels") != 3) fields.unsupported("num_channels", "is not 3");
  VisionTransformerConfig tower;
  tower.hidden = fields.count("hidden_size");
  tower.layers = fields.count("num_hidden_layers");
  tower.heads = fields.count("num_attention_heads");
  tower.intermediate = fields.count("intermediate_size");
  tower.patchSide = fields.count("patch_size");
  tower.imageSide = fields.count("image_size");
  tower.normEpsilon = fields.positive("layer_norm_eps");
  tower.qkvBias = fields.flag("qkv_bias");
  tower.qkNorm = fields.flag("qk_normalization");
  const std::string norm = fields.text("norm_type");
  if (norm != "layer_norm" && norm != "rms_norm")
    fields.unsupported("norm_type", "is '" + norm + "'; known are layer_norm, rms_norm");
  tower.rmsNorm = norm == "rms_norm";
  if (tower.hidden % tower.heads != 0) fields.wrong("num_attention_heads", "does not divide hidden_size");
  if (tower.imageSide % tower.patchSide != 0) fields.wrong("image_size", "is no multiple of patch_size");
  tower.selectedState = selectLayer < 0 ? tower.layers + 1 + selectLayer : selectLayer;
  if (tower.selectedState < 0 || tower.selectedState > tower.layers)
    config.wrong("select_layer", "names no layer of the vision tower");
  return tower;
}

std::int64_t readShuffle(const ConfigFields& config) {
  const std::string version = config.text("ps_version");
  if (version != "v2") config.unsupported("ps_version", "is '" + version + "'; only the pixel shuffle v2 is supported");
  const double ratio = config.positive("downsample_ratio");
  const auto factor = static_cast<std::int64_t>(std::llround(1.0 / ratio));
  if (factor < 1 || std::abs(1.0 / static_cast<double>(factor) - ratio) > 1e-9) {
    config.wrong("downsample_ratio", "is not one over a whole number");
  }
  return factor;
}

DecoderConfig readDecoder(const ConfigFields& config, const Scope& weights) {
  const ConfigFields fields = config.object("llm_config");
  const std::vector<std::string> architectures = fields.texts("architectures");
  const std::string name = architectures.empty() ? "" : architectures.front();
  if (name == "Qwen2ForCausalLM") return readQwen2(fields, weights);
  if (name == "Phi3ForCausalLM") return readPhi3(fields, weights);
  fields.unsupported("architectures", "is '" + name + "'; known are Qwen2ForCausalLM, Phi3ForCausalLM");
}

}  // namespace

std::unique_ptr<Network> buildInternVlChat(const ConfigFields& config, const Scope& weights, Adapters adapters) {
  for (const char* field : {"use_llm_lora", "use_backbone_lora"}) {
    if (config.integerOr(field, 0) != 0) {
      config.unsupported(field, "is set: the checkpoint holds an unmerged LoRA; merge it with InternVL's tool first");
    }
  }
  const Scope language = weights.sub("language_model");
  const DecoderConfig decoder = readDecoder(config, language);
  const VisionTransformerConfig tower = readTower(config, config.integer("select_layer"));
  auto encoder = std::make_unique<InternVlEncoder>(weights, tower, readShuffle(config), decoder.hidden, adapters);
  return std::make_unique<DecoderNetwork>("internvl_chat", Decoder(language, decoder, adapters), std::move(encoder));
}

}  // namespace orthoscribe::model
