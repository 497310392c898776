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
#include "core/model/families/builders.h"
#include "core/model/weights/checkpoint.h"
#include "core/model/weights/safetensors.h"

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

// Of the relevance head, as the design has it (rsmoe_and_metrics.md section 5.3).
constexpr std::int64_t kRelevanceHidden = 256;
constexpr const char* kRelevance = "relevance.";

// Of the tensors whose names begin with the prefix, without it.
std::map<std::string, torch::Tensor> tensorsOf(const ParameterStore& store, const std::string& prefix) {
  std::map<std::string, torch::Tensor> tensors;
  for (const Parameter& parameter : store.parameters()) {
    if (parameter.name.starts_with(prefix))
      tensors[parameter.name.substr(prefix.size())] = parameter.value.detach().to(at::kCPU).contiguous();
  }
  return tensors;
}

}  // namespace

AspectModel::AspectModel(const fs::path& base, const AspectPlan& plan, std::uint64_t seed, torch::Device device,
                         torch::ScalarType dtype)
    : device_(device),
      base_(base),
      loaded_(base, {}, engine::Placement{.device = device, .precision = dtype}),
      config_(configOf(plan)),
      store_(std::make_shared<ParameterStore>(seed, device)) {
  model::Checkpoint checkpoint(base, "model", dtype, device);
  TrainedParts weights(checkpoint, *store_, plan.baseParts, dtype);
  std::vector<model::Adapter> adapters;
  for (std::int64_t expert = 0; expert <= kDense; ++expert) {
    adapters.emplace_back(config_, store_, prefixOf(expert) + kAdapterPrefix + "model.");
    adapters.back().joinBank(expert);
  }
  built_ = model::buildNetwork(model::ConfigFields::read(base / "config.json"), model::Scope(weights, ""), adapters);
  network_ = dynamic_cast<const model::DecoderNetwork*>(built_.get());
  if (!network_)
    throw Error(ErrorCode::Unsupported,
                base.string() + ": experts for aspects cannot be trained on it: the family " + built_->traits().family +
                    " copies numbers beside what its layers say",
                "take a model of another family");
  weights.check();
  baseNames_ = weights.names();
  decoder_ = &network_->decoder();
  if (plan.relevance)
    relevance_.emplace(model::Scope(*store_, kRelevance), kRelevanceHidden, network_->traits().hiddenSize, kAspects);
}

void AspectModel::copyDenseToExperts() {
  const at::NoGradGuard noGradients;
  const std::string dense = prefixOf(kDense);
  for (std::int64_t expert = 0; expert < kAspectExperts; ++expert) {
    const std::string own = prefixOf(expert);
    for (const Parameter& parameter : store_->parameters()) {
      if (!parameter.name.starts_with(own)) continue;
      torch::Tensor value = parameter.value;
      value.copy_(store_->find(dense + parameter.name.substr(own.size())).value);
    }
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
    const fs::path own = folder / "adapters" / kFolders[static_cast<std::size_t>(expert)];
    model::writeAdapter(own, config, tensorsOf(*store_, prefixOf(expert)));
    if (expert < kAspects) set.aspects[static_cast<std::size_t>(expert)].adapter = own;
    if (expert == 3) set.routerAdapter = own;
    if (expert == 4) set.fusionAdapter = own;
  }
  if (relevance_) {
    set.relevance = folder / "relevance.safetensors";
    model::writeSafetensors(set.relevance, tensorsOf(*store_, kRelevance), {{"format", "pt"}});
  }
  if (!baseNames_.empty()) {
    set.visual = folder / "visual.safetensors";
    model::writeSafetensors(set.visual, weightsOf(*store_, baseNames_), {{"format", "pt"}});
  }
  // Last, so that a folder with this file is whole.
  engine::writeAspectSet(folder, set);
}

}  // namespace orthoscribe::learn
