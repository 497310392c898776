// SPDX-License-Identifier: GPL-2.0-or-later
// What is wrong with a file of weights is said while loading, for every family, with file, tensor and what was expected.
#include <ATen/ATen.h>

#include <limits>
#include <map>

#include "core/base/files.h"
#include "core/model/families/builders.h"
#include "core/model/families/families.h"
#include "core/model/weights/safetensors.h"
#include "core/model/weights/sound_weights.h"
#include "tests/unit/model/expect_error.h"
#include "tests/unit/model/small_configs.h"

namespace orthoscribe::model {
namespace {

struct SmallModel {
  std::string name;
  nlohmann::json config;
  std::unique_ptr<Network> (*build)(const ConfigFields&, const Scope&, Adapters);
};

std::vector<SmallModel> smallModels() {
  return {{"llama", smallLlama(), buildLlama},
          {"qwen2", smallQwen2(), buildQwen2},
          {"phi3", smallPhi3(), buildPhi3},
          {"internvl_chat_qwen2", smallInternVlChat(smallQwen2()), buildInternVlChat},
          {"internvl_chat_phi3", smallInternVlChat(smallPhi3()), buildInternVlChat},
          {"internvl_chat_llama", smallInternVlChat(smallLlama()), buildInternVlChat},
          {"internvl_chat_internlm2", smallInternVlChat(smallInternLm2()), buildInternVlChat},
          {"internvl", smallInternVl(smallQwen2()), buildInternVl},
          {"instructblip", smallInstructBlip(), buildInstructBlip}};
}

void PrintTo(const SmallModel& model, std::ostream* out) {
  *out << model.name;
}

class BrokenWeights : public testing::TestWithParam<SmallModel> {
 protected:
  void SetUp() override {
    writeTextFile(path() / "config.json", GetParam().config.dump());
    WeightsInLayout weights(5);
    GetParam().build(ConfigFields::read(path() / "config.json"), Scope(weights, ""), {});
    tensors_ = weights.values();
  }
  std::filesystem::path path() const { return folder_.path(); }
  void load() { loadNetwork(path()); }
  void write() { writeSafetensors(path() / "model.safetensors", tensors_); }
  // The first, the last and one in the middle, which lie in different parts of a model.
  std::vector<std::string> someNames() const {
    std::vector<std::string> names;
    for (const auto& [name, value] : tensors_) names.push_back(name);
    return {names.front(), names[names.size() / 2], names.back()};
  }
  void expectRefusal(ErrorCode code, const std::string& name, std::vector<std::string> parts) {
    SCOPED_TRACE(name);
    write();
    parts.push_back("'" + name + "'");
    if (code != ErrorCode::NotFound) parts.emplace_back("model.safetensors");
    expectError(code, parts, [&] { load(); });
  }

  TemporaryDirectory folder_;
  std::map<std::string, at::Tensor> tensors_;
};

std::string shapeOf(const at::Tensor& tensor) {
  std::string text;
  for (const std::int64_t side : tensor.sizes()) text += (text.empty() ? "[" : ", ") + std::to_string(side);
  return text + "]";
}

TEST_P(BrokenWeights, SoundOnesLoad) {
  write();
  EXPECT_NO_THROW(load());
}

TEST_P(BrokenWeights, AMissingTensorIsNamedWithItsShape) {
  for (const std::string& name : someNames()) {
    const at::Tensor kept = tensors_.at(name);
    tensors_.erase(name);
    expectRefusal(ErrorCode::NotFound, name, {path().string(), shapeOf(kept)});
    tensors_[name] = kept;
  }
}

TEST_P(BrokenWeights, AWrongShapeIsNamedWithBoth) {
  for (const std::string& name : someNames()) {
    const at::Tensor kept = tensors_.at(name);
    tensors_[name] = at::cat({kept, kept});
    expectRefusal(ErrorCode::InvalidInput, name, {shapeOf(kept), shapeOf(tensors_[name])});
    tensors_[name] = kept;
  }
}

TEST_P(BrokenWeights, AWrongDtypeIsNamedWithThoseExpected) {
  for (const std::string& name : someNames()) {
    const at::Tensor kept = tensors_.at(name);
    tensors_[name] = kept.to(at::kChar);
    expectRefusal(ErrorCode::InvalidInput, name, {"I8", "F32"});
    tensors_[name] = kept;
  }
}

TEST_P(BrokenWeights, NumbersThatAreNotFiniteAreCountedAndPlaced) {
  for (const float value : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    for (const std::string& name : someNames()) {
      const at::Tensor kept = tensors_.at(name);
      at::Tensor broken = kept.clone();
      broken.flatten()[broken.numel() - 1] = value;
      tensors_[name] = broken;
      expectRefusal(ErrorCode::InvalidInput, name,
                    {"1 of " + std::to_string(kept.numel()), std::isnan(value) ? "is NaN" : "is infinite"});
      tensors_[name] = kept;
    }
  }
}

TEST_P(BrokenWeights, TensorsThatNothingUsesAreAWarning) {
  tensors_["zz.extra.weight"] = at::ones({2});
  tensors_["zz.more.weight"] = at::ones({2});
  // Buffers that old files hold and no network needs.
  tensors_["zz.rotary_emb.inv_freq"] = at::ones({2});
  write();
  testing::internal::CaptureStderr();
  load();
  const std::string warning = testing::internal::GetCapturedStderr();
  EXPECT_THAT(warning, testing::HasSubstr("2 tensors are not used: zz.extra.weight, zz.more.weight"));
}

INSTANTIATE_TEST_SUITE_P(Families, BrokenWeights, testing::ValuesIn(smallModels()),
                         [](const testing::TestParamInfo<SmallModel>& test) { return test.param.name; });

TEST(SoundWeights, LargeFiniteNumbersAreNoFault) {
  // Their sum overflows.
  EXPECT_NO_THROW(requireFinite(at::full({4, 4}, 3e38f), "x"));
  EXPECT_NO_THROW(requireFinite(at::empty({0}), "x"));
  expectError(ErrorCode::InvalidInput, {"x has 2 of 12", "BF16", "[1, 2]", "infinite"}, [&] {
    at::Tensor values = at::zeros({3, 4}, at::kBFloat16);
    values[1][2] = -std::numeric_limits<float>::infinity();
    values[2][0] = std::numeric_limits<float>::quiet_NaN();
    requireFinite(values, "x");
  });
}

TEST(SoundWeights, EveryFloatingDtypeIsAcceptedAndNoOther) {
  for (const at::ScalarType type : {at::kFloat, at::kDouble, at::kHalf, at::kBFloat16})
    EXPECT_NO_THROW(requireWeightType(type, "x"));
  for (const at::ScalarType type : {at::kChar, at::kLong, at::kByte, at::kBool, at::kFloat8_e4m3fn})
    expectError(ErrorCode::InvalidInput, {"x has the dtype", "BF16"}, [&] { requireWeightType(type, "x"); });
}

}  // namespace
}  // namespace orthoscribe::model
