// SPDX-License-Identifier: GPL-2.0-or-later
// Adapters against the reference: mixtures of LoRA experts, MixLoRA's form of them, plain LoRA; forward and gradients.
#include <map>

#include "core/base/files.h"
#include "core/model/adapters/merge.h"
#include "core/model/blocks/decoder.h"
#include "core/model/families/builders.h"
#include "core/model/families/families.h"
#include "core/model/weights/checkpoint.h"
#include "core/model/weights/torch_archive.h"
#include "tests/parity/model_fixtures.h"

namespace orthoscribe::model {
namespace {

constexpr double kTolerance = 1e-4;
constexpr double kProbabilityTolerance = 1e-5;

std::vector<std::string> adapterFolders(const std::string& file) {
  std::vector<std::string> folders;
  for (const char* base : {"mole_reference/qwen2_tiny", "mole_reference/phi3_tiny"}) {
    for (std::string& found : fixtures::foldersWith(base, file)) folders.push_back(std::move(found));
  }
  if (folders.empty()) folders.emplace_back("none");
  return folders;
}

std::filesystem::path baseOf(const std::filesystem::path& adapter) {
  return fixtures::parityFolder() / fixtures::readJson(adapter / "expected.json").at("base").get<std::string>();
}

class Mole : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (GetParam() == "none") GTEST_SKIP() << "no parity fixtures in " << fixtures::parityFolder();
    folder_ = fixtures::parityFolder() / GetParam();
  }

  at::Tensor logitsWith(const std::vector<std::filesystem::path>& adapters, const Observer* observer) const {
    const auto network = loadNetwork(baseOf(folder_), adapters);
    KvCache cache = network->makeCache();
    return network->forward(network->embedTokens(SafetensorsFile(folder_ / "outputs.safetensors").tensor("input_ids")[0]), cache,
                            false, observer);
  }

  std::filesystem::path folder_;
};

// "layer0.router_probs" as an observer hears it.
std::string observedName(const std::string& stored) {
  const std::size_t dot = stored.find('.');
  return "mole_layer_" + stored.substr(5, dot - 5) + "_" + stored.substr(dot + 1);
}

TEST_P(Mole, ForwardAndRoutingAgree) {
  std::map<std::string, at::Tensor> seen;
  const Observer observer = [&](std::string_view name, const at::Tensor& value) { seen[std::string(name)] = value; };
  const at::Tensor logits = logitsWith({folder_}, &observer);
  const SafetensorsFile outputs(folder_ / "outputs.safetensors");
  fixtures::expectClose("logits", logits, outputs.tensor("logits"), kTolerance);
  fixtures::expectClose("logits_last_fp64", logits[-1], outputs.tensor("logits_last_fp64"), kTolerance);
  for (const auto& [name, stored] : outputs.entries()) {
    if (!name.starts_with("layer")) continue;
    const std::string observed = observedName(name);
    ASSERT_TRUE(seen.contains(observed)) << observed;
    if (name.ends_with("experts")) {
      EXPECT_TRUE(at::equal(seen.at(observed), outputs.tensor(name))) << name;
    } else {
      fixtures::expectClose(name, seen.at(observed), outputs.tensor(name),
                            name.ends_with("logits") ? kTolerance : kProbabilityTolerance);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Fixtures, Mole, testing::ValuesIn(adapterFolders("outputs.safetensors")), fixtures::testName);

class MixLora : public Mole {};

TEST_P(MixLora, ForwardAgrees) {
  const std::filesystem::path mixlora = folder_ / "mixlora";
  const SafetensorsFile outputs(folder_ / "outputs.safetensors");
  fixtures::expectClose("logits_mixlora_block", logitsWith({mixlora}, nullptr), outputs.tensor("logits_mixlora_block"),
                        kTolerance);
}

INSTANTIATE_TEST_SUITE_P(Fixtures, MixLora, testing::ValuesIn(adapterFolders("mixlora/adapter_model.safetensors")),
                         fixtures::testName);

class PublishedMixLora : public Mole {};

TEST_P(PublishedMixLora, TheArchiveHoldsTheSameTensors) {
  const std::map<std::string, torch::Tensor> read = readTorchArchive(folder_ / "mixlora/adapter_model.bin");
  const SafetensorsFile expected(folder_ / "mixlora/adapter_model.safetensors");
  ASSERT_EQ(read.size(), expected.entries().size());
  for (const auto& [name, tensor] : read) EXPECT_TRUE(at::equal(tensor, expected.tensor(name))) << name;
}

INSTANTIATE_TEST_SUITE_P(Fixtures, PublishedMixLora, testing::ValuesIn(adapterFolders("mixlora/adapter_model.bin")),
                         fixtures::testName);

class MergedLora : public Mole {};

TEST_P(MergedLora, EqualsTheReference) {
  const TemporaryDirectory out;
  mergeAdapter(baseOf(folder_), folder_, out.path() / "merged");
  const auto network = loadNetwork(out.path() / "merged");
  KvCache cache = network->makeCache();
  const SafetensorsFile outputs(folder_ / "outputs.safetensors");
  const at::Tensor logits = network->forward(network->embedTokens(outputs.tensor("input_ids")[0]), cache, false);
  fixtures::expectClose("logits", logits, outputs.tensor("logits"), kTolerance);
}

std::vector<std::string> plainAdapters() {
  std::vector<std::string> folders = adapterFolders("outputs.safetensors");
  std::erase_if(folders, [](const std::string& folder) {
    return folder != "none" && readAdapterConfig(fixtures::parityFolder() / folder).experts > 1;
  });
  return folders;
}

INSTANTIATE_TEST_SUITE_P(Fixtures, MergedLora, testing::ValuesIn(plainAdapters()), fixtures::testName);

class ZeroUpdate : public Mole {};

TEST_P(ZeroUpdate, EqualsTheDenseModel) {
  EXPECT_TRUE(at::equal(logitsWith({folder_}, nullptr), logitsWith({}, nullptr)));
}

std::vector<std::string> zeroAdapters() {
  std::vector<std::string> folders = adapterFolders("outputs.safetensors");
  std::erase_if(folders, [](const std::string& folder) { return folder != "none" && !folder.ends_with("_zero_b"); });
  return folders;
}

INSTANTIATE_TEST_SUITE_P(Fixtures, ZeroUpdate, testing::ValuesIn(zeroAdapters()), fixtures::testName);

// A checkpoint whose tensors want gradients.
class TrainableCheckpoint : public WeightSource {
 public:
  explicit TrainableCheckpoint(const std::filesystem::path& folder)
      : checkpoint_(folder, "adapter_model", at::kFloat, at::kCPU) {}
  torch::Tensor take(const std::string& name, c10::IntArrayRef shape, FreshValue fresh) override {
    torch::Tensor& value = taken_[name];
    if (!value.defined()) value = checkpoint_.take(name, shape, fresh).clone().requires_grad_(true);
    return value;
  }
  bool has(const std::string& name) const override { return checkpoint_.has(name); }
  const std::map<std::string, torch::Tensor>& taken() const { return taken_; }

 private:
  Checkpoint checkpoint_;
  std::map<std::string, torch::Tensor> taken_;
};

class MoleGradients : public testing::TestWithParam<std::string> {
 protected:
  struct Pass {
    at::Tensor logits;
    std::vector<Routing> routings;
  };

  void SetUp() override {
    if (GetParam() == "none") GTEST_SKIP() << "no parity fixtures in " << fixtures::parityFolder();
    folder_ = fixtures::parityFolder() / GetParam();
    source_ = std::make_shared<TrainableCheckpoint>(folder_);
    adapters_.emplace_back(readAdapterConfig(folder_), source_, "base_model.model.model.");
    const std::filesystem::path base = baseOf(folder_);
    weights_ = std::make_unique<Checkpoint>(base, "model", at::kFloat, at::kCPU);
    const ConfigFields config = ConfigFields::read(base / "config.json");
    const Scope scope(*weights_, "");
    decoder_ = std::make_unique<Decoder>(
        scope, config.text("model_type") == "phi3" ? readPhi3(config, scope) : readQwen2(config, scope), adapters_);
  }

  Pass run(const SafetensorsFile& batch) const {
    const at::Tensor ids = batch.tensor("input_ids");
    const std::int64_t length = ids.size(1);
    const at::Tensor causal = at::ones({length, length}, at::kBool).tril();
    const at::Tensor kept = batch.tensor("attention_mask").to(at::kBool);
    Pass pass;
    const at::Tensor hidden =
        decoder_->forward(decoder_->embed(ids), at::arange(length),
                          causal.unsqueeze(0).unsqueeze(0) & kept.unsqueeze(1).unsqueeze(1), &pass.routings);
    pass.logits = decoder_->logits(hidden);
    return pass;
  }

  void expectGradients(const std::string& file, const at::Tensor& loss) const {
    for (const auto& [name, value] : source_->taken()) value.mutable_grad() = at::Tensor();
    loss.backward();
    const SafetensorsFile stored(folder_ / file);
    ASSERT_FALSE(stored.entries().empty());
    for (const auto& [name, entry] : stored.entries()) {
      const at::Tensor gradient = source_->taken().at(name).grad();
      const at::Tensor wanted = stored.tensor(name);
      fixtures::expectClose(name, gradient.defined() ? gradient : at::zeros_like(wanted), wanted, kTolerance);
    }
  }

  std::filesystem::path folder_;
  std::shared_ptr<TrainableCheckpoint> source_;
  std::vector<Adapter> adapters_;
  std::unique_ptr<Checkpoint> weights_;
  std::unique_ptr<Decoder> decoder_;
};

TEST_P(MoleGradients, NextTokenLoss) {
  const SafetensorsFile batch(folder_ / "batch.safetensors");
  const Pass pass = run(batch);
  const at::Tensor counted = batch.tensor("attention_mask").to(at::kBool);
  fixtures::expectClose("logits", pass.logits.index({counted}), batch.tensor("logits").index({counted}), kTolerance);
  const std::int64_t length = pass.logits.size(1);
  const at::Tensor loss = at::cross_entropy_loss(pass.logits.narrow(1, 0, length - 1).flatten(0, 1),
                                                 batch.tensor("labels").narrow(1, 1, length - 1).flatten());
  const double expected = fixtures::readJson(folder_ / "expected.json").at("losses").at("cross_entropy").get<double>();
  EXPECT_NEAR(loss.item<double>(), expected, 1e-5 * expected);
  expectGradients("grad_cross_entropy.safetensors", loss);
}

TEST_P(MoleGradients, EntropyOfTheChosenExperts) {
  const SafetensorsFile batch(folder_ / "batch.safetensors");
  const Pass pass = run(batch);
  const at::Tensor counted = batch.tensor("attention_mask").to(at::kBool);
  at::Tensor loss = at::zeros({});
  for (const Routing& routing : pass.routings) {
    const at::Tensor weights = routing.weights.index({counted});
    loss = loss + (weights * weights.log()).sum(-1).mean() / static_cast<double>(pass.routings.size());
  }
  const double expected = fixtures::readJson(folder_ / "expected.json").at("losses").at("topk_entropy_loss").get<double>();
  EXPECT_NEAR(loss.item<double>(), expected, 1e-5);
  expectGradients("grad_topk_entropy_loss.safetensors", loss);
}

INSTANTIATE_TEST_SUITE_P(Fixtures, MoleGradients, testing::ValuesIn(adapterFolders("batch.safetensors")), fixtures::testName);

}  // namespace
}  // namespace orthoscribe::model
