// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/adapted_model.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/learn/train/losses/cross_entropy.h"
#include "core/learn/train/losses/routing_losses.h"
#include "core/model/families/builders.h"
#include "core/model/weights/safetensors.h"
#include "tests/unit/model/random_weights.h"

namespace orthoscribe::learn {
namespace {

class OnASmallBase : public testing::Test {
 protected:
  OnASmallBase() {
    const nlohmann::json config = {
        {"model_type", "qwen2"},  {"vocab_size", 30},         {"hidden_size", 16},        {"intermediate_size", 24},
        {"num_hidden_layers", 2}, {"num_attention_heads", 4}, {"num_key_value_heads", 2}, {"max_position_embeddings", 128},
        {"rms_norm_eps", 1e-6},   {"rope_theta", 10000.0},    {"hidden_act", "silu"},     {"tie_word_embeddings", true}};
    writeTextFile(folder_.path() / "config.json", config.dump());
    model::RandomWeights weights(5);
    bare_ = model::buildNetwork(model::ConfigFields::read(folder_.path() / "config.json"), model::Scope(weights, ""), {});
    model::writeSafetensors(folder_.path() / "model.safetensors", weights.values());
    writeTextFile(folder_.path() / "adapter_config.json",
                  R"({"peft_type": "MOLE", "num_experts": 3, "top_k": 2, "r": 2, "lora_alpha": 4,
                      "target_modules": ["gate_proj", "up_proj", "down_proj"]})");
    model_.emplace(folder_.path(), model::readAdapterConfig(folder_.path()), 9);
  }

  torch::Tensor logits(std::vector<model::Routing>* routings = nullptr) const {
    const model::Decoder& decoder = model_->decoder();
    return decoder.logits(decoder.forward(decoder.embed(ids_), at::arange(ids_.size(1), at::kLong), std::nullopt, routings));
  }

  void moveExperts() {
    const at::NoGradGuard noGradients;
    std::uint64_t seed = 0;
    for (const Parameter& parameter : model_->adapter().parameters()) {
      torch::Tensor value = parameter.value;
      value.copy_(model::seededRandom(value.sizes(), ++seed) * 0.3);
    }
  }

  torch::Tensor loss() const {
    std::vector<model::Routing> routings;
    const torch::Tensor values = logits(&routings);
    torch::Tensor sum = nextTokenCrossEntropy(values, ids_);
    for (const RoutingLoss& one : routingLosses()) sum = sum + one.compute({routings, at::ones_like(ids_, at::kBool)});
    return sum;
  }

  TemporaryDirectory folder_;
  std::unique_ptr<model::Network> bare_;
  std::optional<AdaptedModel> model_;
  torch::Tensor ids_ = at::arange(1, 13, at::kLong).view({2, 6});
};

TEST_F(OnASmallBase, AFreshAdapterChangesNothing) {
  for (std::int64_t row = 0; row < ids_.size(0); ++row) {
    model::KvCache cache = bare_->makeCache();
    const torch::Tensor expected = bare_->forward(bare_->embedTokens(ids_[row]), cache, false);
    EXPECT_LT((logits()[row] - expected).abs().max().item<double>(), 1e-5);
  }
}

TEST_F(OnASmallBase, EveryPartOfTheAdapterLearnsAndNothingElse) {
  moveExperts();
  loss().backward();
  EXPECT_EQ(model_->adapter().parameters().size(), 2u * (1 + 3 * 3 * 2));
  for (const Parameter& parameter : model_->adapter().parameters()) {
    ASSERT_TRUE(parameter.value.grad().defined()) << parameter.name;
    EXPECT_GT(parameter.value.grad().abs().max().item<double>(), 0) << parameter.name;
  }
  EXPECT_FALSE(model_->decoder().embed(ids_).requires_grad());
}

TEST_F(OnASmallBase, AStepAgainstTheSlopeLowersTheLoss) {
  moveExperts();
  const torch::Tensor before = loss();
  before.backward();
  double squares = 0;
  {
    const at::NoGradGuard noGradients;
    for (const Parameter& parameter : model_->adapter().parameters()) {
      torch::Tensor value = parameter.value;
      value.sub_(value.grad(), 1e-4);
      squares += value.grad().square().sum().item<double>();
    }
  }
  // The first term of the series, up to the curvature.
  EXPECT_NEAR((before - loss()).item<double>() / (1e-4 * squares), 1, 0.2);
}

TEST_F(OnASmallBase, GoesOnFromAFileOfTheSameShapeOnly) {
  moveExperts();
  std::map<std::string, torch::Tensor> tensors;
  for (const Parameter& parameter : model_->adapter().parameters()) tensors[parameter.name] = parameter.value.detach().clone();
  const std::filesystem::path file = folder_.path() / "adapter.safetensors";
  model::writeSafetensors(file, tensors);
  const torch::Tensor expected = logits().detach();
  model_.emplace(folder_.path(), model::readAdapterConfig(folder_.path()), 10);
  model_->loadAdapter(file);
  EXPECT_TRUE(at::equal(logits(), expected));

  const std::string name = tensors.begin()->first;
  tensors["stranger"] = at::zeros({1});
  model::writeSafetensors(file, tensors);
  EXPECT_THROW(model_->loadAdapter(file), Error);
  tensors.erase("stranger");
  tensors.erase(name);
  model::writeSafetensors(file, tensors);
  try {
    model_->loadAdapter(file);
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find(name), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace orthoscribe::learn
