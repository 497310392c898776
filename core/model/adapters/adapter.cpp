// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/adapters/adapter.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/model/adapters/adapter_names.h"
#include "core/model/adapters/saved_modules.h"

namespace orthoscribe::model {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDecoderLayers = "layers.";

std::string lastName(const std::string& module) {
  return module.substr(module.rfind('.') + 1);
}

// "mlp.down_proj" of "layers.3.mlp.down_proj".
std::string placeOf(const std::string& module) {
  const std::size_t last = module.rfind('.');
  if (last == std::string::npos || last == 0) return module;
  const std::size_t before = module.rfind('.', last - 1);
  return before == std::string::npos ? module : module.substr(before + 1);
}

// Path inside the base model of a stored low-rank tensor, which PEFT's patterns are matched with.
std::string pathInBase(std::string stored) {
  for (const char* end : {".experts.", ".shared.", ".lora_A.", ".lora_B."})
    stored.erase(std::min(stored.size(), stored.rfind(end)));
  for (const std::string prefix : {"base_model.model.", "base_model."}) {
    if (stored.starts_with(prefix)) return stored.substr(prefix.size());
  }
  return stored;
}

// Weights of the base itself are of no kind that an adapter has.
bool isOfBase(const std::string& canonical) {
  return parseTensorName(canonical).kind == AdapterTensorName::Kind::Other;
}

bool isOfDecoder(const std::string& canonical) {
  constexpr std::array<std::string_view, 4> kParts = {kDecoderLayers, "embed_tokens.", "norm.", "lm_head."};
  return std::any_of(kParts.begin(), kParts.end(), [&](std::string_view part) { return canonical.starts_with(part); });
}

bool endsWithPath(const std::string& module, const std::string& target) {
  return module == target || module.ends_with("." + target);
}

[[noreturn]] void notUnderstood(const fs::path& file, const std::string& tensor) {
  throw Error(ErrorCode::Unsupported,
              file.string() + ": the tensor '" + tensor +
                  "' is neither lora_A nor lora_B of a linear or convolution nor a router's weight",
              "use an adapter that changes linears and convolutions only");
}

}  // namespace

Adapter::Adapter(AdapterConfig config, std::shared_ptr<WeightSource> source, std::string prefix)
    : config_(std::move(config)), source_(std::move(source)), prefix_(std::move(prefix)) {}

Adapter Adapter::load(const fs::path& folder, torch::ScalarType dtype, torch::Device device) {
  AdapterConfig config = readAdapterConfig(folder);
  // Routers stay in float32: rounding would send tokens to other experts.
  auto tensors = std::make_shared<LoadedTensors>(readTensors(folder, "adapter_model", device));
  Adapter adapter(std::move(config), tensors, "base_model.model.model.");
  adapter.stored_ = std::move(tensors);
  adapter.updateType_ = dtype;
  adapter.name_ = fs::absolute(folder / "").lexically_normal().parent_path().filename().string();
  adapter.index(folder);
  return adapter;
}

void Adapter::index(const fs::path& folder) {
  const std::vector<std::string> saved = savedModules(folder);
  for (const std::string& stored : stored_->names()) {
    const std::string canonical = canonicalTensor(stored);
    const AdapterTensorName name = parseTensorName(canonical);
    if (isSavedIn(saved, stored)) {
      // ReplacedWeights brings it into the model.
      stored_->take(stored, stored_->tensors().at(stored).sizes(), FreshValue::Zeros);
      nameOf_.try_emplace(canonical, stored);
      continue;
    }
    if (name.kind == AdapterTensorName::Kind::Other) notUnderstood(stored_->file(), stored);
    const auto [place, isNew] = nameOf_.try_emplace(canonical, stored);
    if (!isNew) {
      throw Error(ErrorCode::InvalidInput, stored_->file().string() + ": the tensors '" + place->second + "' and '" + stored +
                                               "' both belong to '" + canonical + "'");
    }
    if (name.kind == AdapterTensorName::Kind::Router) continue;
    if (name.shared) {
      if (!config_.sharedExpert)
        throw Error(ErrorCode::InvalidInput,
                    stored_->file().string() + ": the tensor '" + stored + "' belongs to a shared expert, of which " +
                        (folder / "adapter_config.json").string() + " says nothing",
                    "the two files do not belong together; \"shared_expert\" must be true");
      continue;
    }
    Module& module = modules_.try_emplace(name.module, Module{name.ofExpert, pathInBase(stored)}).first->second;
    if (module.experts != name.ofExpert || (name.ofExpert && config_.experts == 0)) {
      throw Error(ErrorCode::InvalidInput, stored_->file().string() + ": the tensor '" + stored +
                                               "' does not fit the others: experts and plain LoRA mixed");
    }
    kinds_.insert(kindOfModule(name.module));
  }
  checkTargets(folder);
}

void Adapter::checkTargets(const fs::path& folder) const {
  for (const std::string& module : savedModules(folder)) {
    if (std::any_of(nameOf_.begin(), nameOf_.end(), [&](const auto& name) { return isSavedIn({module}, name.second); })) continue;
    throw Error(ErrorCode::InvalidInput,
                (folder / "adapter_config.json").string() + ": modules_to_save names '" + module + "', but " +
                    stored_->file().filename().string() + " holds no tensor of it",
                "the two files do not belong together");
  }
  for (const std::string& target : config_.targets) {
    const bool found = std::any_of(modules_.begin(), modules_.end(), [&](const auto& module) {
      return endsWithPath(module.first, target) || endsWithPath(module.second.path, target);
    });
    if (found) continue;
    const std::string what = (folder / "adapter_config.json").string() + ": target_modules names '" + target + "', but " +
                             stored_->file().filename().string() + " holds no tensor of it";
    // PEFT's lists may name linears that the base does not have.
    if (config_.type != "LORA") throw Error(ErrorCode::InvalidInput, what, "the two files do not belong together");
    log::warning(what);
  }
}

bool Adapter::changesImages() const {
  const bool adapts =
      std::any_of(modules_.begin(), modules_.end(), [](const auto& module) { return !module.first.starts_with(kDecoderLayers); });
  return adapts || std::any_of(nameOf_.begin(), nameOf_.end(),
                               [](const auto& name) { return isOfBase(name.first) && !isOfDecoder(name.first); });
}

void Adapter::joinBank(std::int64_t number) {
  const auto refuse = [&](const std::string& what) {
    throw Error(ErrorCode::Unsupported, "the adapter " + name_ + " cannot be one expert of several: it " + what,
                "use a plain LoRA adapter of the language model");
  };
  if (config_.experts > 0) refuse("is a mixture of experts itself");
  if (stored_ && changesImages()) refuse("changes how images look");
  if (std::any_of(nameOf_.begin(), nameOf_.end(), [](const auto& name) { return isOfBase(name.first); }))
    refuse("replaces weights of the model");
  bankNumber_ = number;
}

bool Adapter::sits(const std::string& module) const {
  if (!stored_) {
    return std::any_of(config_.targets.begin(), config_.targets.end(),
                       [&](const std::string& target) { return endsWithPath(module, target); });
  }
  // A linear that other layers have an update of must have one too; asking for it then names what is missing.
  return modules_.contains(module) || (!config_.someLayersOnly && kinds_.contains(kindOfModule(module)));
}

bool Adapter::mixes(const std::string& module) const {
  if (config_.experts == 0) return false;
  if (const auto found = modules_.find(module); found != modules_.end()) return found->second.experts;
  // In training attention carries one ordinary LoRA also beside experts.
  return config_.routerScope == RouterScope::Linear || module.find(".mlp.") != std::string::npos;
}

torch::Tensor Adapter::take(const std::string& canonical, c10::IntArrayRef shape, FreshValue fresh) const {
  const auto found = nameOf_.find(canonical);
  return source_->take(found != nameOf_.end() ? found->second : prefix_ + canonical, shape, fresh);
}

torch::Tensor Adapter::takeUpdate(const std::string& canonical, c10::IntArrayRef shape, FreshValue fresh) const {
  const torch::Tensor value = take(canonical, shape, fresh);
  return updateType_ ? value.to(*updateType_) : value;
}

std::optional<AdaptedLinear> Adapter::updateFor(const std::string& module, std::int64_t inputs, const LinearPart& part) const {
  const std::string name = canonicalModule(module.substr(0, module.rfind('.') + 1) + part.name);
  if (!sits(name)) return std::nullopt;
  const bool mixed = mixes(name);
  const bool ownRouter = mixed && config_.routerScope == RouterScope::Linear;
  if (mixed && !ownRouter && !name.starts_with(kDecoderLayers)) {
    throw Error(ErrorCode::Unsupported, "the adapter " + name_ + " puts experts on '" + name + "', outside the decoder's blocks",
                "there every linear needs a router of its own (router_scope \"linear\")");
  }
  const auto known = modules_.find(name);
  const std::string path = known != modules_.end() ? known->second.path : name;
  const std::int64_t rank = config_.rankOf(path);
  std::vector<torch::Tensor> a;
  std::vector<torch::Tensor> b;
  for (std::int64_t expert = 0; expert < (mixed ? config_.experts : 1); ++expert) {
    const std::string scope = mixed ? name + ".experts." + std::to_string(expert) + "." : name + ".";
    a.push_back(takeUpdate(scope + "lora_A.weight", {rank, inputs}, FreshValue::KaimingUniform));
    b.push_back(takeUpdate(scope + "lora_B.weight", {part.rows, rank}, FreshValue::Zeros));
  }
  std::optional<Router> router;
  if (ownRouter) router = makeRouter(name + ".", inputs);
  return AdaptedLinear{LowRankUpdate(a, b, config_.scaleOf(path), part.rowBegin, mixed, config_.dropout), std::move(router),
                       placeOf(name)};
}

std::optional<AdaptedLinear> Adapter::sharedFor(const std::string& module, std::int64_t inputs, const LinearPart& part) const {
  const std::string name = canonicalModule(module.substr(0, module.rfind('.') + 1) + part.name);
  if (!config_.sharedExpert || !sits(name) || !mixes(name)) return std::nullopt;
  const std::string scope = name + ".shared.";
  const torch::Tensor a = takeUpdate(scope + "lora_A.weight", {config_.sharedRank, inputs}, FreshValue::KaimingUniform);
  const torch::Tensor b = takeUpdate(scope + "lora_B.weight", {part.rows, config_.sharedRank}, FreshValue::Zeros);
  return AdaptedLinear{LowRankUpdate({a}, {b}, config_.sharedScale(), part.rowBegin, false, config_.dropout), std::nullopt,
                       placeOf(name)};
}

std::vector<AdaptedLinear> Adapter::updatesFor(const std::string& module, std::int64_t inputs, std::int64_t outputs,
                                               const std::vector<LinearPart>& parts) const {
  std::vector<AdaptedLinear> updates;
  std::vector<LinearPart> places = {{lastName(module), 0, outputs}};
  places.insert(places.end(), parts.begin(), parts.end());
  for (const LinearPart& part : places) {
    if (auto update = updateFor(module, inputs, part)) updates.push_back(std::move(*update));
    if (auto shared = sharedFor(module, inputs, part)) updates.push_back(std::move(*shared));
  }
  if (placed_)
    for (const AdaptedLinear& adapted : updates) placed_->push_back({module, outputs, adapted.update});
  return updates;
}

torch::Tensor Adapter::convolution(const std::string& module, const torch::Tensor& weight) const {
  const std::string name = canonicalModule(module);
  if (!sits(name)) return weight;
  if (mixes(name)) {
    throw Error(ErrorCode::Unsupported, "the adapter " + name_ + " puts experts on the convolution '" + name + "'",
                "use an adapter with one update for each convolution");
  }
  const auto known = modules_.find(name);
  const std::string path = known != modules_.end() ? known->second.path : name;
  const std::int64_t rank = config_.rankOf(path);
  const std::int64_t outputs = weight.size(0);
  const torch::Tensor a =
      take(name + ".lora_A.weight", {rank, weight.size(1), weight.size(2), weight.size(3)}, FreshValue::KaimingUniform);
  const torch::Tensor b = take(name + ".lora_B.weight", {outputs, rank, 1, 1}, FreshValue::Zeros);
  const LowRankUpdate update({a.flatten(1)}, {b.flatten(1)}, config_.scaleOf(path), 0, false);
  if (placed_) placed_->push_back({module, outputs, update});
  return (weight.to(at::kFloat) + update.weightDelta(outputs).view(weight.sizes())).to(weight.scalar_type());
}

Router Adapter::makeRouter(const std::string& place, std::int64_t inputs) const {
  torch::Tensor weight = take(place + "router.weight", {config_.experts, inputs}, FreshValue::Normal002);
  return Router(std::move(weight), config_.topK, config_.normaliseTopK, config_.routerInput);
}

std::optional<Router> Adapter::routerFor(const std::string& module, std::int64_t inputs) const {
  if (config_.experts == 0 || config_.routerScope == RouterScope::Linear) return std::nullopt;
  const std::string block = canonicalModule(module) + ".";
  const bool hasExperts =
      stored_ ? std::any_of(modules_.begin(), modules_.end(),
                            [&](const auto& entry) { return entry.second.experts && entry.first.starts_with(block); })
              : block.ends_with(".mlp.");
  if (!hasExperts) return std::nullopt;
  return makeRouter(config_.routerScope == RouterScope::Model ? "" : block, inputs);
}

void Adapter::checkAllUsed() const {
  if (!stored_) return;
  const std::vector<std::string> left = stored_->unused();
  if (left.empty()) return;
  throw Error(ErrorCode::InvalidInput,
              stored_->file().string() + ": the tensor '" + left.front() + "' of shape " + stored_->shapeTextOf(left.front()) +
                  " belongs to nothing in this model",
              "use the adapter with the model it was trained on" + (config_.base.empty() ? "" : ", " + config_.base));
}

torch::Tensor adaptedConvolution(Adapters adapters, const std::string& module, torch::Tensor weight) {
  for (const Adapter& adapter : adapters) weight = adapter.convolution(module, weight);
  return weight;
}

}  // namespace orthoscribe::model
