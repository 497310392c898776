// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/aspects/aspect_model.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <array>
#include <map>
#include <string_view>

#include "core/base/error.h"
#include "core/engine/aspects/aspect_set.h"
#include "core/learn/train/decoder_graph.h"
#include "core/model/adapters/adapter_folder.h"
#include "core/model/blocks/decoder_network.h"
#include "core/model/families/builders.h"
#include "core/model/weights/checkpoint.h"

namespace orthoscribe::learn {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDenseName = "dense";

// The folders of an expert set, by number.
constexpr std::array<std::string_view, kAspectExperts> kFolders = {"theme", "objects", "relations", "router", "fusion"};

std::string prefixOf(std::int64_t expert) {
  return std::string(expert == AspectModel::kDense ? kDenseName : typeOfExpert(expert)) + ".";
}

model::AdapterConfig configOf(const AspectPlan& plan) {
  model::AdapterConfig config;
  config.type = "LORA";
  config.rank = plan.rank;
  config.alpha = plan.alpha;
  config.scale = plan.alpha / static_cast<double>(plan.rank);
  config.targets = plan.targets;
  return config;
}

[[noreturn]] void refuse(const fs::path& base, const std::string& what) {
  throw Error(ErrorCode::Unsupported, base.string() + ": experts for aspects cannot be trained on it: " + what,
              "take a model of a family like Llama, InternVL or InstructBLIP");
}

}  // namespace

AspectModel::AspectModel(const fs::path& base, const AspectPlan& plan, std::uint64_t seed, torch::Device device,
                         torch::ScalarType dtype)
    : device_(device),
      base_(base),
      loaded_(base, {}, engine::Placement{.device = device, .precision = dtype}),
      config_(configOf(plan)),
      store_(std::make_shared<ParameterStore>(seed, device)) {
  model::Checkpoint weights(base, "model", dtype, device);
  std::vector<model::Adapter> adapters;
  for (std::int64_t expert = 0; expert <= kDense; ++expert) {
    adapters.emplace_back(config_, store_, prefixOf(expert) + kAdapterPrefix + "model.");
    adapters.back().joinBank(expert);
  }
  network_ = model::buildNetwork(model::ConfigFields::read(base / "config.json"), model::Scope(weights, ""), adapters);
  const auto* network = dynamic_cast<const model::DecoderNetwork*>(network_.get());
  if (!network) refuse(base, "the family " + network_->traits().family + " has stages of its own");
  decoder_ = &network->decoder();
  if (decoder_->hasPositionAxes()) refuse(base, "its tokens stand on several axes");
  if (network_->traits().hiddenSize != decoder_->config().hidden) refuse(base, "its images add to several layers");
}

void AspectModel::copyDenseToExperts() {
  const at::NoGradGuard noGradients;
  const std::string dense = prefixOf(kDense);
  for (const Parameter& parameter : store_->parameters()) {
    if (parameter.name.starts_with(dense)) continue;
    const std::size_t end = parameter.name.find('.') + 1;
    torch::Tensor value = parameter.value;
    value.copy_(store_->find(dense + parameter.name.substr(end)).value);
  }
}

bool AspectModel::expertsAreFresh() const {
  for (const Parameter& parameter : store_->parameters()) {
    if (parameter.name.starts_with(prefixOf(kDense)) || !parameter.name.ends_with("lora_B.weight")) continue;
    if (at::count_nonzero(parameter.value.detach()).item<std::int64_t>() > 0) return false;
  }
  return true;
}

void AspectModel::write(const fs::path& folder, const std::string& base) const {
  engine::AspectSet set = engine::plainAspects();
  set.base = base;
  set.routerMode = engine::RouterMode::Generate;
  set.fusionMode = engine::FusionMode::Generate;
  set.createdBy = "orthoscribe train";
  model::AdapterConfig config = config_;
  config.base = base_.filename().string();
  for (std::int64_t expert = 0; expert < kAspectExperts; ++expert) {
    const std::string prefix = prefixOf(expert);
    std::map<std::string, torch::Tensor> tensors;
    for (const Parameter& parameter : store_->parameters()) {
      if (parameter.name.starts_with(prefix))
        tensors[parameter.name.substr(prefix.size())] = parameter.value.detach().to(at::kCPU).contiguous();
    }
    const fs::path own = folder / "adapters" / kFolders[static_cast<std::size_t>(expert)];
    model::writeAdapter(own, config, tensors);
    if (expert < 3) set.aspects[static_cast<std::size_t>(expert)].adapter = own;
    if (expert == 3) set.routerAdapter = own;
    if (expert == 4) set.fusionAdapter = own;
  }
  // Last, so that a folder with this file is whole.
  engine::writeAspectSet(folder, set);
}

}  // namespace orthoscribe::learn
