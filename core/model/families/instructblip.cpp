// SPDX-License-Identifier: GPL-2.0-or-later
// InstructBLIP (arXiv 2305.06500; rsmoe_and_metrics.md section 3): EVA ViT-g, a Q-Former that reads the question, a Llama. Files
// of Hugging Face's layout, and those of LAVIS once they lie in safetensors.
#include <ATen/ATen.h>

#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/model/blocks/decoder_network.h"
#include "core/model/blocks/query_former.h"
#include "core/model/blocks/vision_transformer.h"
#include "core/model/families/builders.h"
#include "core/model/families/internvl_fields.h"
#include "core/model/weights/renamed_weights.h"

namespace orthoscribe::model {
namespace {

class InstructBlipEncoder : public ImageEncoder {
 public:
  InstructBlipEncoder(const Scope& weights, const VisionTransformerConfig& tower, const QueryFormerConfig& former,
                      std::int64_t queries, std::int64_t decoderHidden)
      : tower_(weights.sub("vision_model"), tower),
        queries_(weights.take("query_tokens", {1, queries, former.hidden})),
        former_(weights.sub("qformer"), former),
        projection_(weights.sub("language_projection"),
                    {.inputs = former.hidden, .outputs = decoderHidden, .bias = true, .parts = {}}) {}

  bool readsQuestion() const override { return true; }

  torch::Tensor encode(const torch::Tensor& pixels, const Observer* observer) const override {
    return encodeFor(pixels, at::empty({0}, at::kLong), observer);
  }

  torch::Tensor encodeFor(const torch::Tensor& pixels, const torch::Tensor& question, const Observer* observer) const override {
    const torch::Tensor features = featuresOf(pixels, observer);
    tell(observer, "vision_features", features);
    const torch::Tensor projected = projection_.forward(former_.forward(queries_, question, features, observer));
    tell(observer, "vision_projected", projected);
    return projected.flatten(0, 1);
  }

 private:
  // The tower does not read the question: several questions about one picture pay for it once. Where gradients are taken the
  // tower's weights may be about to change.
  torch::Tensor featuresOf(const torch::Tensor& pixels, const Observer* observer) const {
    const std::lock_guard lock(mutex_);
    if (at::GradMode::is_enabled()) {
      lastPixels_ = torch::Tensor();
      return tower_.forward(pixels, observer);
    }
    if (lastPixels_.defined() && lastPixels_.sizes() == pixels.sizes() && at::equal(lastPixels_, pixels)) {
      for (const auto& [name, value] : lastTold_) tell(observer, name, value);
      return lastFeatures_;
    }
    lastPixels_ = torch::Tensor();
    lastTold_.clear();
    const Observer keeping = [&](std::string_view name, const at::Tensor& value) {
      lastTold_.emplace_back(name, value);
      tell(observer, name, value);
    };
    lastFeatures_ = tower_.forward(pixels, &keeping);
    lastPixels_ = pixels.clone();
    return lastFeatures_;
  }

  VisionTransformer tower_;
  mutable std::mutex mutex_;
  mutable torch::Tensor lastPixels_, lastFeatures_;
  mutable std::vector<std::pair<std::string, torch::Tensor>> lastTold_;
  torch::Tensor queries_;  // [1, queries, hidden of the Q-Former]
  QueryFormer former_;
  Linear projection_;
};

// LAVIS keeps no bias of the keys, which is zero, and the two others as tensors of their own.
class LavisWeights : public RenamedWeights {
 public:
  explicit LavisWeights(WeightSource& source)
      : RenamedWeights(source, renamingParts({{"vision_model.embeddings.class_embedding", "visual_encoder.cls_token"},
                                              {"vision_model.embeddings.position_embedding", "visual_encoder.pos_embed"},
                                              {"vision_model.embeddings.patch_embedding", "visual_encoder.patch_embed.proj"},
                                              {"vision_model.post_layernorm", "ln_vision"},
                                              {"vision_model.encoder.layers", "visual_encoder.blocks"},
                                              {"layer_norm1", "norm1"},
                                              {"layer_norm2", "norm2"},
                                              {"self_attn.qkv", "attn.qkv"},
                                              {"self_attn.projection", "attn.proj"},
                                              {"qformer.embeddings.layernorm", "Qformer.bert.embeddings.LayerNorm"},
                                              {"qformer.", "Qformer.bert."},
                                              {"attention.attention", "attention.self"},
                                              {"language_projection", "llm_proj"},
                                              {"language_model", "llm_model"}})) {}

  torch::Tensor take(const std::string& name, c10::IntArrayRef shape, FreshValue fresh) override {
    constexpr std::string_view kJoined = "self_attn.qkv.bias";
    if (!name.ends_with(kJoined) || has(name)) return RenamedWeights::take(name, shape, fresh);
    const std::string layer = name.substr(0, name.size() - kJoined.size());
    const torch::Tensor ofQueries = RenamedWeights::take(layer + "attn.q_bias", {shape[0] / 3}, fresh);
    const torch::Tensor ofValues = RenamedWeights::take(layer + "attn.v_bias", {shape[0] / 3}, fresh);
    return at::cat({ofQueries, at::zeros_like(ofQueries), ofValues});
  }
};

VisionTransformerConfig readTower(const ConfigFields& config) {
  const ConfigFields fields = config.object("vision_config")
                                  .withDefaults({{"hidden_size", 1408},
                                                 {"num_hidden_layers", 39},
                                                 {"num_attention_heads", 16},
                                                 {"intermediate_size", 6144},
                                                 {"image_size", 224},
                                                 {"patch_size", 14},
                                                 {"hidden_act", "gelu"},
                                                 {"layer_norm_eps", 1e-6},
                                                 {"qkv_bias", true}});
  if (fields.text("hidden_act") != "gelu") fields.unsupported("hidden_act", "is not \"gelu\"");
  VisionTransformerConfig tower;
  tower.hidden = fields.count("hidden_size");
  tower.layers = fields.count("num_hidden_layers");
  tower.heads = fields.count("num_attention_heads");
  tower.intermediate = fields.count("intermediate_size");
  tower.patchSide = fields.count("patch_size");
  tower.imageSide = fields.count("image_size");
  tower.normEpsilon = fields.positive("layer_norm_eps");
  tower.qkvBias = fields.flag("qkv_bias");
  checkDivides(fields, tower);
  tower.selectedState = tower.layers;
  tower.keepsClassToken = true;
  tower.names.finalNorm = "post_layernorm";
  tower.names.firstNorm = "layer_norm1";
  tower.names.secondNorm = "layer_norm2";
  tower.names.queryKeyValue = {"self_attn.qkv"};
  tower.names.projection = "self_attn.projection";
  tower.names.firstScale.clear();
  tower.names.secondScale.clear();
  return tower;
}

QueryFormerConfig readFormer(const ConfigFields& config, std::int64_t imageWidth) {
  const ConfigFields fields = config.object("qformer_config")
                                  .withDefaults({{"hidden_size", 768},
                                                 {"num_hidden_layers", 12},
                                                 {"num_attention_heads", 12},
                                                 {"intermediate_size", 3072},
                                                 {"vocab_size", 30522},
                                                 {"max_position_embeddings", 512},
                                                 {"cross_attention_frequency", 2},
                                                 {"layer_norm_eps", 1e-12},
                                                 {"hidden_act", "gelu"},
                                                 {"position_embedding_type", "absolute"}});
  for (const auto& [field, known] : {std::pair("hidden_act", "gelu"), {"position_embedding_type", "absolute"}}) {
    if (fields.text(field) != known) fields.unsupported(field, std::string("is not \"") + known + "\"");
  }
  const QueryFormerConfig former{.hidden = fields.count("hidden_size"),
                                 .layers = fields.count("num_hidden_layers"),
                                 .heads = fields.count("num_attention_heads"),
                                 .intermediate = fields.count("intermediate_size"),
                                 .vocabulary = fields.count("vocab_size"),
                                 .positions = fields.count("max_position_embeddings"),
                                 .crossAttentionEvery = fields.count("cross_attention_frequency"),
                                 .imageWidth = imageWidth,
                                 .normEpsilon = fields.positive("layer_norm_eps")};
  if (former.hidden % former.heads != 0) fields.wrong("num_attention_heads", "does not divide hidden_size");
  return former;
}

DecoderConfig readLanguage(const ConfigFields& config, const Scope& weights) {
  const ConfigFields said = config.object("text_config");
  const std::string type = said.textOr("model_type", "opt");
  if (type != "llama") said.unsupported("model_type", "is '" + type + "'; only llama (Vicuna) is supported");
  // Published files leave out what equals the class's own values, which are those of Llama 7B.
  return readLlama(said.withDefaults({{"vocab_size", 32000},
                                      {"hidden_size", 4096},
                                      {"intermediate_size", 11008},
                                      {"num_hidden_layers", 32},
                                      {"num_attention_heads", 32},
                                      {"max_position_embeddings", 2048},
                                      {"rms_norm_eps", 1e-6},
                                      {"hidden_act", "silu"}}),
                   weights);
}

}  // namespace

std::unique_ptr<Network> buildInstructBlip(const ConfigFields& config, const Scope& weights, Adapters adapters) {
  LavisWeights lavis(weights.source());
  const bool isLavis = weights.has("visual_encoder.cls_token");
  const Scope scope(isLavis ? static_cast<WeightSource&>(lavis) : weights.source(), weights.prefix());
  const Scope language = scope.sub("language_model");
  const DecoderConfig decoder = readLanguage(config, language);
  const VisionTransformerConfig tower = readTower(config);
  const QueryFormerConfig former = readFormer(config, tower.hidden);
  auto encoder =
      std::make_unique<InstructBlipEncoder>(scope, tower, former, config.countOr("num_query_tokens", 32), decoder.hidden);
  return std::make_unique<DecoderNetwork>("instructblip", Decoder(language, decoder, adapters), std::move(encoder));
}

}  // namespace orthoscribe::model
