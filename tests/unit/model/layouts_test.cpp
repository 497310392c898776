// SPDX-License-Identifier: GPL-2.0-or-later
// One network, several layouts of its files: the same numbers under each layout's names give the same answers.
#include <ATen/ATen.h>

#include <functional>
#include <map>

#include "core/base/files.h"
#include "core/model/families/builders.h"
#include "core/model/families/families.h"
#include "core/model/weights/safetensors.h"
#include "tests/unit/model/expect_error.h"
#include "tests/unit/model/small_configs.h"

namespace orthoscribe::model {
namespace {

using Tensors = std::map<std::string, at::Tensor>;
using Build = std::unique_ptr<Network> (*)(const ConfigFields&, const Scope&, Adapters);

// Every "ours" in a name becomes "theirs", in order.
std::string replaced(std::string name, const std::vector<std::pair<std::string, std::string>>& pairs) {
  for (const auto& [ours, theirs] : pairs) {
    if (const std::size_t at = name.find(ours); at != std::string::npos) name.replace(at, ours.size(), theirs);
  }
  return name;
}

Tensors renamed(const Tensors& tensors, const std::vector<std::pair<std::string, std::string>>& pairs) {
  Tensors result;
  for (const auto& [name, value] : tensors) result[replaced(name, pairs)] = value;
  return result;
}

class Layouts : public testing::Test {
 protected:
  ConfigFields config(const nlohmann::json& json) {
    writeTextFile(folder_.path() / "config.json", json.dump());
    return ConfigFields::read(folder_.path() / "config.json");
  }
  Tensors weightsOf(const nlohmann::json& json, Build build) {
    WeightsInLayout weights(21);
    build(config(json), Scope(weights, ""), {});
    return weights.values();
  }
  std::unique_ptr<Network> load(const nlohmann::json& json, const Tensors& tensors) {
    config(json);
    writeSafetensors(folder_.path() / "model.safetensors", tensors);
    testing::internal::CaptureStderr();
    try {
      auto network = loadNetwork(folder_.path());
      warnings_ = testing::internal::GetCapturedStderr();
      return network;
    } catch (...) {  // a capture that is not ended would abort the next one
      testing::internal::GetCapturedStderr();
      throw;
    }
  }

  // Logits of a sequence with an image at its start.
  static at::Tensor answer(const Network& network, const at::Tensor& question = at::empty({0}, at::kLong)) {
    at::Tensor embeddings = network.embedTokens(at::arange(9));
    if (network.traits().seesImages) {
      const at::Tensor pixels = seededRandom({1, 3, 16, 16}, 8);
      embeddings = at::cat({network.encodeImageFor(pixels, question), embeddings});
    }
    KvCache cache = network.makeCache();
    return network.forward(embeddings, cache, false);
  }
  static void expectEqualAnswers(const Network& one, const Network& other, double tolerance = 1e-5) {
    const at::Tensor question = at::tensor({2, 7, 3}, at::kLong);
    const at::Tensor a = answer(one, question);
    const at::Tensor b = answer(other, question);
    ASSERT_EQ(a.sizes(), b.sizes());
    EXPECT_LT((a - b).abs().max().item<double>(), tolerance * std::max(1.0, b.abs().max().item<double>()));
  }

  TemporaryDirectory folder_;
  std::string warnings_;
};

TEST_F(Layouts, InternLm2IsLlamaInAnotherPacking) {
  const Tensors llama = weightsOf(smallInternVlChat(smallLlama()), buildInternVlChat);
  const auto reference = load(smallInternVlChat(smallLlama()), llama);
  EXPECT_EQ(warnings_, "");

  constexpr std::int64_t kKvHeads = 2, kGroup = 2, kHeadSize = 4, kHidden = 16;
  Tensors packed;
  for (const auto& [name, value] : llama) {
    if (name.find("_proj.weight") == std::string::npos || name.find("self_attn") == std::string::npos ||
        name.ends_with("o_proj.weight")) {
      packed[replaced(name, {{"embed_tokens", "tok_embeddings"},
                             {"lm_head", "output"},
                             {"self_attn.o_proj", "attention.wo"},
                             {"mlp.gate_proj", "feed_forward.w1"},
                             {"mlp.up_proj", "feed_forward.w3"},
                             {"mlp.down_proj", "feed_forward.w2"},
                             {"input_layernorm", "attention_norm"},
                             {"post_attention_layernorm", "ffn_norm"}})] = value;
      continue;
    }
    if (!name.ends_with("q_proj.weight")) continue;
    const std::string attention = name.substr(0, name.size() - std::string("q_proj.weight").size());
    std::vector<at::Tensor> rows;
    for (std::int64_t head = 0; head < kKvHeads; ++head) {
      rows.push_back(value.narrow(0, head * kGroup * kHeadSize, kGroup * kHeadSize));
      rows.push_back(llama.at(attention + "k_proj.weight").narrow(0, head * kHeadSize, kHeadSize));
      rows.push_back(llama.at(attention + "v_proj.weight").narrow(0, head * kHeadSize, kHeadSize));
    }
    packed[replaced(attention, {{"self_attn", "attention"}}) + "wqkv.weight"] = at::cat(rows);
    ASSERT_EQ(at::cat(rows).sizes(), at::IntArrayRef({(kGroup + 2) * kKvHeads * kHeadSize, kHidden}));
  }
  const auto network = load(smallInternVlChat(smallInternLm2()), packed);
  EXPECT_EQ(warnings_, "");
  expectEqualAnswers(*network, *reference);

  nlohmann::json biased = smallInternLm2();
  biased["bias"] = true;
  expectError(ErrorCode::Unsupported, {"llm_config.bias"}, [&] { load(smallInternVlChat(biased), packed); });
  std::string fused;
  for (const auto& [name, value] : packed)
    if (name.ends_with("1.attention.wqkv.weight")) fused = name;
  packed.erase(fused);
  expectError(ErrorCode::NotFound, {fused, "[32, 16]"}, [&] { load(smallInternVlChat(smallInternLm2()), packed); });
}

// From InternVL-chat's names to those of Hugging Face's layout, queries, keys and values apart.
Tensors inHuggingFaceLayout(const Tensors& chat) {
  Tensors result;
  for (const auto& [name, value] : chat) {
    const std::size_t fused = name.find("attn.qkv.");
    if (fused != std::string::npos) {
      const std::string layer = replaced(name.substr(0, fused), {{"vision_model.encoder.layers", "vision_tower.encoder.layer"}});
      const std::string kind = name.substr(fused + std::string("attn.qkv.").size());
      const std::vector<at::Tensor> parts = value.chunk(3, 0);
      for (std::size_t i = 0; i < 3; ++i)
        result[layer + "attention." + std::string(1, "qkv"[i]) + "_proj." + kind] = parts[i].contiguous();
      continue;
    }
    result[replaced(name, {{"vision_model.embeddings.class_embedding", "vision_tower.embeddings.cls_token"},
                           {"vision_model.embeddings.position_embedding", "vision_tower.embeddings.position_embeddings"},
                           {"vision_model.embeddings.patch_embedding", "vision_tower.embeddings.patch_embeddings.projection"},
                           {"vision_model.encoder.layers", "vision_tower.encoder.layer"},
                           {"attn.proj", "attention.projection_layer"},
                           {"attn.q_norm", "attention.q_norm"},
                           {"attn.k_norm", "attention.k_norm"},
                           {"norm1", "layernorm_before"},
                           {"norm2", "layernorm_after"},
                           {"ls1", "lambda_1"},
                           {"ls2", "lambda_2"},
                           {"mlp1.0", "multi_modal_projector.layer_norm"},
                           {"mlp1.1", "multi_modal_projector.linear_1"},
                           {"mlp1.3", "multi_modal_projector.linear_2"}})] = value;
  }
  return result;
}

TEST_F(Layouts, InternVlIsTheSameInBothOfItsFamilies) {
  for (const nlohmann::json& language : {smallQwen2(), smallLlama()}) {
    SCOPED_TRACE(language["model_type"]);
    const Tensors chat = weightsOf(smallInternVlChat(language), buildInternVlChat);
    const auto reference = load(smallInternVlChat(language), chat);
    const Tensors older = inHuggingFaceLayout(chat);
    const auto network = load(smallInternVl(language), older);
    EXPECT_EQ(warnings_, "");
    EXPECT_EQ(network->traits().family, "internvl");
    expectEqualAnswers(*network, *reference);

    const Tensors newer = renamed(older, {{"language_model.lm_head.", "lm_head."},
                                          {"language_model.model.", "model.language_model."},
                                          {"vision_tower.", "model.vision_tower."},
                                          {"multi_modal_projector.", "model.multi_modal_projector."}});
    expectEqualAnswers(*load(smallInternVl(language), newer), *reference);
    EXPECT_EQ(warnings_, "");
  }
}

TEST_F(Layouts, InternVlTiesItsHeadOnlyWhereItIsSaid) {
  Tensors tensors = inHuggingFaceLayout(weightsOf(smallInternVlChat(smallQwen2()), buildInternVlChat));
  tensors["language_model.lm_head.weight"] = tensors.at("language_model.model.embed_tokens.weight");
  nlohmann::json language = smallQwen2();
  const auto reference = load(smallInternVl(language), tensors);
  tensors.erase("language_model.lm_head.weight");
  nlohmann::json config = smallInternVl(language);
  config["tie_word_embeddings"] = false;
  expectError(ErrorCode::NotFound, {"language_model.lm_head.weight"}, [&] { load(config, tensors); });
  config["text_config"]["tie_word_embeddings"] = true;
  expectEqualAnswers(*load(config, tensors), *reference);
}

TEST_F(Layouts, InternVlRefusesWhatItDoesNotKnow) {
  const Tensors tensors = inHuggingFaceLayout(weightsOf(smallInternVlChat(smallQwen2()), buildInternVlChat));
  const auto refuse = [&](const std::string& pointer, const nlohmann::json& value, const std::string& named) {
    nlohmann::json config = smallInternVl(smallQwen2());
    config[nlohmann::json::json_pointer(pointer)] = value;
    expectError(ErrorCode::Unsupported, {"config.json", named}, [&] { load(config, tensors); });
  };
  refuse("/text_config/model_type", "phi3", "text_config.model_type");
  refuse("/vision_feature_select_strategy", "full", "vision_feature_select_strategy");
  refuse("/projector_hidden_act", "relu", "projector_hidden_act");
  refuse("/vision_config/image_size", {16, 32}, "vision_config.image_size");
  refuse("/vision_config/use_mask_token", true, "vision_config.use_mask_token");
}

TEST_F(Layouts, InstructBlipIsReadUnderTheNamesOfLavisToo) {
  Tensors tensors = weightsOf(smallInstructBlip(), buildInstructBlip);
  // The key's part of the joint bias is zero in published files; LAVIS does not keep it at all.
  for (auto& [name, value] : tensors)
    if (name.ends_with("qkv.bias")) value.narrow(0, 8, 8).zero_();
  const auto reference = load(smallInstructBlip(), tensors);
  EXPECT_EQ(warnings_, "");
  EXPECT_TRUE(reference->traits().readsQuestion);

  Tensors lavis = renamed(tensors, {{"vision_model.embeddings.class_embedding", "visual_encoder.cls_token"},
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
                                    {"language_model", "llm_model"}});
  for (const char* layer : {"0", "1"}) {
    const std::string attention = std::string("visual_encoder.blocks.") + layer + ".attn.";
    const at::Tensor joined = lavis.at(attention + "qkv.bias");
    lavis[attention + "q_bias"] = joined.narrow(0, 0, 8).contiguous();
    lavis[attention + "v_bias"] = joined.narrow(0, 16, 8).contiguous();
    lavis.erase(attention + "qkv.bias");
  }
  expectEqualAnswers(*load(smallInstructBlip(), lavis), *reference);
  EXPECT_EQ(warnings_, "");
  lavis.erase("visual_encoder.blocks.1.attn.v_bias");
  expectError(ErrorCode::NotFound, {"visual_encoder.blocks.1.attn.v_bias", "[8]"}, [&] { load(smallInstructBlip(), lavis); });
}

TEST_F(Layouts, InstructBlipWithAnotherLanguageModelIsRefused) {
  nlohmann::json config = smallInstructBlip();
  config["text_config"]["model_type"] = "t5";
  expectError(ErrorCode::Unsupported, {"text_config.model_type", "t5"}, [&] { load(config, {{"a", at::ones({1})}}); });
}

}  // namespace
}  // namespace orthoscribe::model
