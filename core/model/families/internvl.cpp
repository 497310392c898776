// SPDX-License-Identifier: GPL-2.0-or-later
// InternVL in Hugging Face's layout (skynova.md section 2.3; transformers, models/internvl): the same network as InternVL-chat
// under other names.
#include <optional>
#include <string>
#include <utility>

#include "core/model/blocks/decoder_network.h"
#include "core/model/blocks/internvl_encoder.h"
#include "core/model/families/builders.h"
#include "core/model/families/internvl_fields.h"
#include "core/model/weights/renamed_weights.h"

namespace orthoscribe::model {
namespace {

// The published class's own values, which files may leave out.
const nlohmann::json& visionDefaults() {
  static const nlohmann::json kDefaults{{"hidden_size", 1024},       {"num_hidden_layers", 24},
                                        {"num_attention_heads", 16}, {"intermediate_size", 4096},
                                        {"attention_bias", false},   {"use_qk_norm", false},
                                        {"hidden_act", "gelu"},      {"norm_type", "layer_norm"},
                                        {"layer_norm_eps", 1e-6},    {"image_size", 448},
                                        {"patch_size", 14},          {"num_channels", 3},
                                        {"use_mask_token", false},   {"use_absolute_position_embeddings", true},
                                        {"use_mean_pooling", true}};
  return kDefaults;
}

VisionTransformerNames towerNames() {
  return {.classToken = "embeddings.cls_token",
          .patches = "embeddings.patch_embeddings.projection",
          .positions = "embeddings.position_embeddings",
          .layers = "encoder.layer",
          .firstNorm = "layernorm_before",
          .secondNorm = "layernorm_after",
          .queryKeyValue = {"attention.q_proj", "attention.k_proj", "attention.v_proj"},
          .queryNorm = "attention.q_norm",
          .keyNorm = "attention.k_norm",
          .projection = "attention.projection_layer",
          .firstScale = "lambda_1",
          .secondScale = "lambda_2"};
}

// A side, given as a number or as a pair of equal ones.
std::int64_t readSide(const ConfigFields& fields, const std::string& field) {
  const nlohmann::json& value = fields.raw(field);
  if (!value.is_array()) return fields.count(field);
  const bool isPair = value.size() == 2 && value[0].is_number_integer() && value[1].is_number_integer();
  if (!isPair || value[0].get<std::int64_t>() < 1) fields.wrong(field, "is neither a side nor a pair of sides in pixels");
  if (value[0] != value[1]) fields.unsupported(field, "is not square");
  return value[0].get<std::int64_t>();
}

VisionTransformerConfig readTower(const ConfigFields& config) {
  const ConfigFields fields = config.object("vision_config").withDefaults(visionDefaults());
  VisionTransformerConfig tower = readInternVit(fields);
  tower.patchSide = readSide(fields, "patch_size");
  tower.imageSide = readSide(fields, "image_size");
  tower.qkvBias = fields.flag("attention_bias");
  tower.qkNorm = fields.flag("use_qk_norm");
  if (fields.flag("use_mask_token")) fields.unsupported("use_mask_token", "is set, which is not supported");
  if (!fields.flag("use_absolute_position_embeddings"))
    fields.unsupported("use_absolute_position_embeddings", "is false, which is not supported");
  checkDivides(fields, tower);
  tower.names = towerNames();
  tower.selectedState = readSelectedState(config, "vision_feature_layer", tower.layers);
  // The norm after the last layer belongs to the tower's own result, not to a layer chosen by another number.
  if (!fields.flag("use_mean_pooling") && config.integer("vision_feature_layer") == -1) tower.names.finalNorm = "layernorm";
  return tower;
}

DecoderConfig readLanguage(const ConfigFields& config, const Scope& weights) {
  ConfigFields fields = config.object("text_config").withDefaults({{"model_type", "qwen2"}});
  // Two places may say whether the embeddings are tied; where neither does, they are (transformers, InternVLConfig).
  const std::string tie = "tie_word_embeddings";
  const bool isUnsaid = !fields.has(tie) && !config.has(tie);
  const bool isSaid = fields.flagOr(tie, false) || config.flagOr(tie, false);
  const bool tied = !weights.has("lm_head.weight") && (isSaid || isUnsaid);
  const std::string type = fields.text("model_type");
  if (type != "qwen2" && type != "llama") fields.unsupported("model_type", "is '" + type + "'; known are llama, qwen2");
  DecoderConfig decoder = type == "qwen2" ? readQwen2(fields, weights) : readLlama(fields, weights);
  decoder.tiedEmbeddings = tied;
  return decoder;
}

// Since transformers 4.52 the model without its head has a scope of its own.
Renaming renamingOf(const Scope& weights) {
  if (!weights.has("model.language_model.embed_tokens.weight")) return renamingPrefixes({});
  return renamingPrefixes({{"language_model.lm_head.", "lm_head."},
                           {"language_model.model.", "model.language_model."},
                           {"vision_tower.", "model.vision_tower."},
                           {"multi_modal_projector.", "model.multi_modal_projector."}});
}

}  // namespace

std::unique_ptr<Network> buildInternVl(const ConfigFields& sparse, const Scope& weights, Adapters adapters) {
  const ConfigFields config = sparse.withDefaults({{"downsample_ratio", 0.5},
                                                   {"projector_hidden_act", "gelu"},
                                                   {"vision_feature_layer", -1},
                                                   {"vision_feature_select_strategy", "default"}});
  for (const auto& [field, known] : {std::pair("projector_hidden_act", "gelu"), {"vision_feature_select_strategy", "default"}}) {
    if (config.text(field) != known) config.unsupported(field, std::string("is not \"") + known + "\"");
  }
  RenamedWeights renamed(weights.source(), renamingOf(weights));
  const Scope scope(renamed, weights.prefix());
  const Scope language = scope.sub("language_model");
  const DecoderConfig decoder = readLanguage(config, language);
  const VisionTransformerConfig tower = readTower(config);
  const std::int64_t shuffle = readShuffle(config);
  PixelShuffleProjector projector(scope.sub("multi_modal_projector"), tower.hidden * shuffle * shuffle, decoder.hidden,
                                  {.norm = "layer_norm", .first = "linear_1", .second = "linear_2"});
  auto encoder = std::make_unique<InternVlEncoder>(VisionTransformer(scope.sub("vision_tower"), tower), std::move(projector),
                                                   tower.patchSide, shuffle);
  return std::make_unique<DecoderNetwork>("internvl", Decoder(language, decoder, adapters), std::move(encoder));
}

}  // namespace orthoscribe::model
