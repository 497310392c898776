// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/verify/preference_cases.h"

#include <ATen/ATen.h>

#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "core/base/json_text.h"
#include "core/engine/verify/tensors.h"
#include "core/learn/train/losses/bco_pair.h"
#include "core/learn/train/losses/mpo.h"
#include "core/model/weights/safetensors.h"

namespace orthoscribe::learn::verify {
namespace {

namespace fs = std::filesystem;
using engine::verify::CaseResult;
using engine::verify::compareTensors;
using nlohmann::json;

constexpr double kTolerance = 1e-6;
constexpr std::array kSides = {"chosen", "rejected"};

JudgedAnswers answersOf(const model::SafetensorsFile& file, const std::string& side) {
  return {.policy = file.tensor("policy_" + side + "_token_logps").clone().set_requires_grad(true),
          .reference = file.tensor("reference_" + side + "_token_logps"),
          .mask = file.tensor(side + "_mask")};
}

torch::Tensor tensorOf(const json& numbers) {
  return at::tensor(numbers.is_array() ? numbers.get<std::vector<double>>() : std::vector<double>{numbers.get<double>()},
                    at::kDouble);
}

class PreferenceSetting {
 public:
  PreferenceSetting(const fs::path& folder, std::string name, CaseResult& result)
      : name_(std::move(name)), result_(result), file_(folder / "logps.safetensors") {
    const json document = readJsonFile(folder / "expected.json");
    expected_ = document.at("settings").at(name_);
    const json tolerances = document.value("tolerances", json::object());
    lossTolerance_ = tolerances.value("losses", kTolerance);
    gradientTolerance_ = tolerances.value("gradients", kTolerance);
  }

  void compare() {
    const PreferencePairs pairs{.chosen = answersOf(file_, "chosen"), .rejected = answersOf(file_, "rejected")};
    const MpoOptions options{.beta = expected_.at("beta"), .labelSmoothing = expected_.value("label_smoothing", 0.0)};
    double delta = expected_.at("delta");
    if (expected_.value("delta_is", "given") != "given") {
      delta = bcoShift(pairs, options.beta);
      compareValue("delta", at::tensor({delta}, at::kDouble));
    }
    const MpoLoss loss = mpoLoss(pairs, options, delta);
    const std::array<std::pair<const char*, torch::Tensor>, 4> losses = {
        {{"dpo", loss.dpo}, {"bco_pair", loss.bco}, {"nll", loss.likelihood}, {"mpo", loss.total}}};
    for (const auto& [name, value] : losses) {
      compareValue(name, value.reshape({1}));
      compareGradients(name, value, pairs);
    }
    const PreferenceRewards rewards = rewardsOf(pairs, options.beta);
    compareValue("chosen_rewards", rewards.chosen);
    compareValue("rejected_rewards", rewards.rejected);
    compareValue("reward_accuracy", at::tensor({rewards.accuracy}, at::kDouble));
  }

 private:
  void compareValue(const std::string& name, const torch::Tensor& actual) {
    if (expected_.contains(name))
      result_.checks.push_back(compareTensors(name, actual, tensorOf(expected_[name]), lossTolerance_));
  }

  void compareGradients(const std::string& name, const torch::Tensor& loss, const PreferencePairs& pairs) {
    const std::array<torch::Tensor, 2> leaves = {pairs.chosen.policy, pairs.rejected.policy};
    for (const torch::Tensor& leaf : leaves) leaf.mutable_grad().reset();
    loss.backward({}, /*keep_graph=*/true);
    for (std::size_t side = 0; side < leaves.size(); ++side) {
      const std::string stored = name_ + ".grad_" + name + "." + kSides[side] + "_token_logps";
      if (!file_.has(stored)) continue;
      const torch::Tensor gradient = leaves[side].grad().defined() ? leaves[side].grad() : at::zeros_like(leaves[side]);
      result_.checks.push_back(
          compareTensors("gradient of " + name + " in " + kSides[side], gradient, file_.tensor(stored), gradientTolerance_));
    }
  }

  std::string name_;
  CaseResult& result_;
  model::SafetensorsFile file_;
  json expected_;
  double lossTolerance_ = kTolerance;
  double gradientTolerance_ = kTolerance;
};

}  // namespace

std::vector<engine::verify::FixtureCase> preferenceCasesIn(const fs::path& folder) {
  if (!fs::exists(folder / "logps.safetensors") || !fs::exists(folder / "expected.json")) return {};
  std::vector<engine::verify::FixtureCase> cases;
  const json document = readJsonFile(folder / "expected.json");
  if (!document.contains("settings")) return {};
  for (const auto& [name, setting] : document["settings"].items()) {
    cases.push_back({.place = folder / name, .family = "preference losses", .run = [folder, name = name](CaseResult& result) {
                       PreferenceSetting(folder, name, result).compare();
                     }});
  }
  return cases;
}

}  // namespace orthoscribe::learn::verify
