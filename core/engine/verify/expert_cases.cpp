// SPDX-License-Identifier: GPL-2.0-or-later
#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "core/base/files.h"
#include "core/base/json_text.h"
#include "core/engine/generator.h"
#include "core/engine/verify/kinds.h"
#include "core/engine/verify/model_run.h"
#include "core/engine/verify/tensors.h"

namespace orthoscribe::engine::verify {
namespace {

namespace fs = std::filesystem;

constexpr double kLogitsTolerance = 1e-4;
constexpr double kRoutingTolerance = 1e-5;

class ExpertCase {
 public:
  // outputs: folder of expected.json and outputs.safetensors; adapter: that folder, or one with the same tensors under other
  // names.
  ExpertCase(const fs::path& outputs, const fs::path& adapter, CaseResult& result)
      : adapter_(adapter),
        result_(result),
        expected_(readJsonFile(outputs / "expected.json")),
        outputs_(outputs / "outputs.safetensors"),
        base_(baseOf(outputs, expected_.at("base").get<std::string>())) {
    result_.family = "adapters on " + readModelCard(base_).family;
    input_.ids = idsOf(outputs_.tensor("input_ids"));
  }

  // As our own adapter: every linear mixes its experts.
  void compareMixing() {
    const LoadedModel model = loadForVerification(base_, {adapter_});
    Observations observed;
    const at::Tensor logits = forwardWhole(model.network(), input_, observed.observer());
    const double allowed = tolerance("logits", kLogitsTolerance);
    add(compareTensors("logits", logits, outputs_.tensor("logits"), allowed));
    if (outputs_.has("logits_last_fp64"))
      add(compareTensors("logits_last_fp64", logits[-1], outputs_.tensor("logits_last_fp64"), allowed));
    compareRouting(observed);
    compareWithDense(logits);
    compareGreedy(model);
  }

  // As MixLoRA's published form: whole blocks are mixed. Each file of weights in the folder is tried alone.
  void compareBlocks() {
    for (const char* weights : {"adapter_model.safetensors", "adapter_model.bin"}) {
      if (!fs::exists(adapter_ / weights)) continue;
      const TemporaryDirectory alone;
      for (const char* file : {"adapter_config.json", weights}) fs::copy_file(adapter_ / file, alone.path() / file);
      const LoadedModel model = loadForVerification(base_, {alone.path()});
      Observations observed;
      const at::Tensor logits = forwardWhole(model.network(), input_, observed.observer());
      add(compareTensors(std::string("logits_mixlora_block from ") + weights, logits, outputs_.tensor("logits_mixlora_block"),
                         tolerance("logits", kLogitsTolerance)));
    }
  }

 private:
  double tolerance(const char* kind, double fallback) const {
    const auto given = expected_.find("tolerances");
    if (given == expected_.end() || !given->contains(kind) || !(*given)[kind].is_number()) return fallback;
    return (*given)[kind];
  }
  void add(Check check) { result_.checks.push_back(std::move(check)); }

  void compareRouting(const Observations& observed) {
    const double allowed = tolerance("router_probs", kRoutingTolerance);
    const double logitsAllowed = tolerance("logits", kLogitsTolerance);
    const auto wanted = [&](const std::string& name) -> std::optional<Wanted> {
      const std::size_t dot = name.find('.');
      if (!name.starts_with("layer") || dot == std::string::npos) return std::nullopt;
      const std::string value = name.substr(dot + 1);
      // "layer2.experts" of a fixture is "mole_layer_2_experts" of a network.
      const std::string shown = "mole_layer_" + name.substr(5, dot - 5) + "_" + value;
      if (value == "experts") return Wanted{shown, 0.0};
      return Wanted{shown, value == "router_logits" ? logitsAllowed : allowed};
    };
    for (Check& check : compareObserved(observed, outputs_, wanted)) add(std::move(check));
  }

  // How far the adapter moves the logits, which also shows an adapter that was not applied at all.
  void compareWithDense(const at::Tensor& logits) {
    if (!expected_.contains("max_abs_diff_to_dense")) return;
    const LoadedModel dense = loadForVerification(base_);
    Observations unused;
    const at::Tensor bare = forwardWhole(dense.network(), input_, unused.observer());
    const at::Tensor moved = (logits - bare).abs().max().to(at::kDouble);
    const at::Tensor expected = at::tensor({expected_["max_abs_diff_to_dense"].get<double>()}, at::kDouble);
    add(compareTensors("difference to the dense model", moved.reshape({1}), expected, tolerance("logits", kLogitsTolerance)));
  }

  void compareGreedy(const LoadedModel& model) {
    if (!expected_.contains("greedy_ids")) return;
    const auto expected = expected_["greedy_ids"].get<std::vector<text::TokenId>>();
    Generator generator(model.network(), model.tokenizer(), model.answerRules());
    add(sameIds("greedy_ids", generator.greedy(input_, static_cast<int>(expected.size())), expected));
  }

  fs::path adapter_;
  CaseResult& result_;
  nlohmann::json expected_;
  model::SafetensorsFile outputs_;
  fs::path base_;
  SequenceInput input_;
};

bool hasOutputs(const fs::path& folder) {
  return fs::exists(folder / "expected.json") && fs::exists(folder / "outputs.safetensors");
}

}  // namespace

std::vector<FixtureCase> expertCasesIn(const fs::path& folder) {
  if (!fs::exists(folder / "adapter_config.json")) return {};
  if (hasOutputs(folder))
    return {{.place = folder, .family = "adapters", .run = [folder](CaseResult& result) {
               ExpertCase(folder, folder, result).compareMixing();
             }}};
  const fs::path above = folder.parent_path();
  if (!hasOutputs(above) || !fs::exists(above / "adapter_config.json")) return {};
  return {{.place = folder, .family = "adapters", .run = [folder, above](CaseResult& result) {
             ExpertCase(above, folder, result).compareBlocks();
           }}};
}

}  // namespace orthoscribe::engine::verify
