// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/verify/expert_loss_cases.h"

#include <ATen/ATen.h>

#include <cctype>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <utility>

#include "core/base/error.h"
#include "core/base/json_text.h"
#include "core/engine/verify/model_run.h"
#include "core/engine/verify/tensors.h"
#include "core/learn/train/adapted_model.h"
#include "core/learn/train/losses/cross_entropy.h"
#include "core/learn/train/losses/routing_losses.h"
#include "core/model/config_fields.h"
#include "core/model/weights/safetensors.h"

namespace orthoscribe::learn::verify {
namespace {

namespace fs = std::filesystem;
using engine::verify::CaseResult;
using engine::verify::compareTensors;

constexpr double kForwardTolerance = 1e-4;
constexpr double kLossTolerance = 1e-5;
constexpr double kGradientTolerance = 1e-4;
constexpr double kCosineTolerance = 1e-4;

using Losses = std::map<std::string, torch::Tensor>;

// "cross_entropy + 0.01 topk_entropy_loss - 0.02 usage_entropy" of the losses of these names.
torch::Tensor weightedSum(const std::string& formula, const Losses& losses) {
  torch::Tensor sum = at::zeros({});
  double weight = 1;
  std::istringstream words(formula);
  for (std::string word; words >> word;) {
    if (word == "+" || word == "-") {
      weight = word == "-" ? -1 : 1;
    } else if (const auto found = losses.find(word); found != losses.end()) {
      sum = sum + weight * found->second;
    } else {
      std::size_t read = 0;
      const double number = std::isdigit(static_cast<unsigned char>(word.front())) != 0 ? std::stod(word, &read) : 0;
      if (read != word.size()) throw Error(ErrorCode::Unsupported, "the loss '" + word + "' of 'total_is'");
      weight *= number;
    }
  }
  return sum;
}

class ExpertLosses {
 public:
  ExpertLosses(const fs::path& folder, CaseResult& result)
      : folder_(folder),
        result_(result),
        expected_(readJsonFile(folder / "expected.json")),
        batch_(folder / "batch.safetensors"),
        model_(engine::verify::baseOf(folder, expected_.at("base").get<std::string>()), model::readAdapterConfig(folder), 0) {
    model_.loadAdapter(folder / "adapter_model.safetensors");
    result_.family = "losses of experts on " + model_.network().traits().family;
  }

  void compare() {
    const torch::Tensor ids = batch_.tensor("input_ids");
    counted_ = batch_.tensor("attention_mask").ne(0);
    std::vector<model::Routing> routings;
    // Padding stands on the right, where a causal decoder does not look from a token that counts.
    const torch::Tensor hidden =
        model_.decoder().forward(model_.decoder().embed(ids), at::arange(ids.size(1), at::kLong), std::nullopt, &routings);
    const torch::Tensor logits = model_.decoder().logits(hidden);
    compareForward(logits, routings);
    const RoutedTokens routed{.layers = routings, .counted = counted_};
    Losses losses = {{"cross_entropy", nextTokenCrossEntropy(logits, batch_.tensor("labels"))}};
    for (const RoutingLoss& loss : routingLosses()) losses.emplace(loss.name, loss.compute(routed));
    if (expected_.contains("total_is")) losses["total"] = weightedSum(expected_["total_is"], losses);
    for (const auto& [name, value] : expected_.at("losses").items()) compareLoss(name, losses, value);
  }

 private:
  // The rows of the tokens that count.
  torch::Tensor rowsOf(const torch::Tensor& values) const {
    return values.flatten(0, 1).index_select(0, counted_.flatten().nonzero().squeeze(1));
  }
  void compareRows(const std::string& name, const torch::Tensor& actual, double tolerance) {
    if (batch_.has(name)) add(compareTensors(name, rowsOf(actual), rowsOf(batch_.tensor(name)), tolerance));
  }
  void add(engine::verify::Check check) { result_.checks.push_back(std::move(check)); }

  void compareForward(const torch::Tensor& logits, const std::vector<model::Routing>& routings) {
    compareRows("logits", logits, kForwardTolerance);
    for (std::size_t layer = 0; layer < routings.size(); ++layer) {
      const std::string name = "layer" + std::to_string(layer) + ".";
      compareRows(name + "experts", routings[layer].experts, 0);
      compareRows(name + "router_probs", routings[layer].probs, kForwardTolerance);
      compareRows(name + "weights", routings[layer].weights, kForwardTolerance);
    }
  }

  void compareLoss(const std::string& name, const Losses& losses, double expected) {
    const auto found = losses.find(name);
    if (found == losses.end()) throw Error(ErrorCode::Unsupported, "the loss '" + name + "'");
    const nlohmann::json tolerances = expected_.value("tolerances", nlohmann::json::object());
    add(compareTensors(name, found->second.reshape({1}), at::tensor({expected}, at::kDouble),
                       tolerances.value("losses", kLossTolerance)));
    const fs::path file = folder_ / ("grad_" + name + ".safetensors");
    if (fs::exists(file)) compareGradients(name, found->second, model::SafetensorsFile(file));
  }

  void compareGradients(const std::string& name, const torch::Tensor& loss, const model::SafetensorsFile& expected) {
    for (const Parameter& parameter : model_.adapter().parameters()) parameter.value.mutable_grad().reset();
    loss.backward({}, /*keep_graph=*/true);
    std::vector<torch::Tensor> ours, theirs;
    for (const auto& [tensor, stored] : expected.entries()) {
      const torch::Tensor& value = model_.adapter().find(tensor).value;
      const torch::Tensor gradient = value.grad().defined() ? value.grad() : at::zeros_like(value);
      if (gradient.sizes() != c10::IntArrayRef(stored.shape))
        throw Error(ErrorCode::InvalidInput,
                    expected.path().string() + ": '" + tensor + "' has another shape than the adapter's");
      ours.push_back(gradient.flatten().to(at::kDouble));
      theirs.push_back(expected.tensor(tensor).flatten().to(at::kDouble));
    }
    const torch::Tensor actual = at::cat(ours);
    const torch::Tensor wanted = at::cat(theirs);
    add(compareTensors("gradients of " + name, actual, wanted, kGradientTolerance));
    const torch::Tensor cosine = at::cosine_similarity(actual, wanted, 0, 1e-30).reshape({1});
    add(compareTensors("direction of the gradients of " + name, cosine, at::ones({1}), kCosineTolerance));
  }

  fs::path folder_;
  CaseResult& result_;
  nlohmann::json expected_;
  model::SafetensorsFile batch_;
  AdaptedModel model_;
  torch::Tensor counted_;  // bool [N, S]
};

}  // namespace

std::vector<engine::verify::FixtureCase> expertLossCasesIn(const fs::path& folder) {
  for (const char* file : {"batch.safetensors", "adapter_config.json", "expected.json"})
    if (!fs::exists(folder / file)) return {};
  return {{.place = folder, .family = "losses of experts", .run = [folder](CaseResult& result) {
             ExpertLosses(folder, result).compare();
           }}};
}

}  // namespace orthoscribe::learn::verify
