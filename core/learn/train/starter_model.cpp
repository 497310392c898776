// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/starter_model.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <nlohmann/json.hpp>

namespace orthoscribe::learn {
namespace {

constexpr double kWaveSize = 0.22;
constexpr float kHeatStart = -4;  // nearly all cells are empty; from here the first steps are calm

}  // namespace

nlohmann::ordered_json configOf(const StarterShape& shape) {
  const model::StarterVisionConfig& vision = shape.vision;
  const model::ConvTowerConfig& tower = vision.tower;
  const DecoderConfig& decoder = shape.decoder;
  return {{"model_type", "starter"},
          {"architectures", {"OrthoscribeStarter"}},
          {"torch_dtype", "bfloat16"},
          {"num_image_token", vision.imageTokens()},
          {"vision_config",
           {{"image_size", vision.sidePx},
            {"stem", tower.stem},
            {"stage4", tower.stage4},
            {"stage8", tower.stage8},
            {"stage16", tower.stage16},
            {"stage32", tower.stage32},
            {"pyramid", tower.pyramid},
            {"head", tower.head},
            {"object_classes", tower.objectClasses},
            {"scenes", tower.scenes},
            {"attributes", tower.attributes},
            {"objects", vision.proposals.limit},
            {"minimum_score", vision.proposals.minimumScore}}},
          {"llm_config",
           {{"model_type", "qwen2"},
            {"vocab_size", decoder.vocabulary},
            {"hidden_size", decoder.width},
            {"num_hidden_layers", decoder.layers},
            {"num_attention_heads", decoder.heads},
            {"num_key_value_heads", decoder.heads},
            {"intermediate_size", decoder.feedForward},
            {"rms_norm_eps", decoder.normEpsilon},
            {"rope_theta", decoder.ropeTheta},
            {"hidden_act", "silu"},
            {"max_position_embeddings", decoder.maxPositions},
            {"tie_word_embeddings", true}}}};
}

StarterModel::StarterModel(const StarterShape& shape, std::uint64_t seed, torch::Device device)
    : shape_(shape),
      store_(seed, device),
      vision_(model::Scope(store_, ""), shape.vision),
      decoder_(store_, shape.decoder),
      copying_(model::Scope(store_, "copy."), shape.decoder.width, shape.decoder.vocabulary, shape.vision.tower.objectClasses) {
  const at::NoGradGuard noGradients;
  torch::Tensor heat = store_.find("tower.heads.heat.bias").value;
  heat.fill_(kHeatStart);
}

void markTokens(ParameterStore& store, const std::vector<std::int64_t>& numbers, std::int64_t answerBegin) {
  const at::NoGradGuard noGradients;
  torch::Tensor flags = store.find("copy.token_flags").value;
  for (const std::int64_t number : numbers) flags[number][0] = 1;
  flags[answerBegin][1] = 1;
}

void startNumbersAsWaves(ParameterStore& store, const std::vector<std::int64_t>& numbers, std::int64_t answerBegin) {
  markTokens(store, numbers, answerBegin);
  const at::NoGradGuard noGradients;
  torch::Tensor embedding = store.find("model.embed_tokens.weight").value;
  for (std::size_t number = 0; number < numbers.size(); ++number) {
    torch::Tensor waves = at::empty({model::kNumberWaves});
    model::numberWaves(static_cast<int>(number), waves.data_ptr<float>());
    embedding[numbers[number]].narrow(0, 0, model::kNumberWaves).copy_(waves * kWaveSize);
  }
}

}  // namespace orthoscribe::learn
