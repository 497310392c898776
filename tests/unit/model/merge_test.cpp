// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/adapters/merge.h"

#include "tests/unit/model/expect_error.h"
#include "tests/unit/model/tiny_model.h"

namespace orthoscribe::model {
namespace {

class Merge : public testing::TestWithParam<bool> {
 protected:
  std::filesystem::path in(const char* name) const { return folder_.path() / name; }
  TemporaryDirectory folder_;
};

TEST_P(Merge, TheMergedModelIsTheAdaptedOne) {
  const TinyModel model(in("tiny"), GetParam(), 3);
  const auto adapter = madeLora(4).write(in("lora"));
  const MergeReport report = mergeAdapter(model.folder(), adapter, in("merged"));
  EXPECT_EQ(report.linears, 6);
  EXPECT_EQ(report.files, 3);
  const at::Tensor expected = logitsOf(*loadNetwork(model.folder(), {adapter}));
  const at::Tensor got = logitsOf(*loadNetwork(in("merged")));
  EXPECT_TRUE(at::allclose(got, expected, 1e-4, 1e-5)) << (got - expected).abs().max().item<double>();
  EXPECT_GT((got - logitsOf(*loadNetwork(model.folder()))).abs().max().item<double>(), 1e-2);
  for (const char* file : {"config.json", "model.safetensors.index.json", "model-00002-of-00003.safetensors"})
    EXPECT_TRUE(std::filesystem::exists(in("merged") / file)) << file;
  EXPECT_FALSE(std::filesystem::exists(in("merged.part")));
}

TEST_P(Merge, PrecisionIsKept) {
  const TinyModel model(in("tiny"), GetParam(), 1, torch::kBFloat16);
  mergeAdapter(model.folder(), madeLora(4).write(in("lora")), in("merged"));
  const SafetensorsFile before(model.folder() / "model.safetensors");
  const SafetensorsFile after(in("merged") / "model.safetensors");
  ASSERT_EQ(after.entries().size(), before.entries().size());
  int changed = 0;
  for (const auto& [name, entry] : before.entries()) {
    EXPECT_EQ(after.entries().at(name).dtype, torch::kBFloat16) << name;
    if (!at::equal(after.tensor(name), before.tensor(name))) ++changed;
  }
  EXPECT_EQ(changed, 6);
}

INSTANTIATE_TEST_SUITE_P(Linears, Merge, testing::Bool(), [](const auto& test) { return test.param ? "Fused" : "Separate"; });

using MergeRefusals = Merge;

TEST_F(MergeRefusals, ARouterCannotBecomeAWeight) {
  const TinyModel model(in("tiny"), false, 1);
  MadeAdapter made(1);
  made.config.type = "MOLE";
  made.config.rank = 2;
  made.config.scale = 1.0;
  for (const std::int64_t experts : {1, 3}) {
    made.tensors.clear();
    made.config.experts = experts;
    made.config.topK = experts;
    made.config.targets.clear();
    made.put("mlp.down_proj", kTinyIntermediate, kTinyHidden, 2);
    made.putRouter("mlp", kTinyHidden);
    const auto adapter = made.write(in("mole") / std::to_string(experts));
    if (experts == 1) {
      mergeAdapter(model.folder(), adapter, in("merged"));
      EXPECT_TRUE(
          at::allclose(logitsOf(*loadNetwork(in("merged"))), logitsOf(*loadNetwork(model.folder(), {adapter})), 1e-4, 1e-4));
    } else {
      expectError(ErrorCode::Unsupported, {"router", "3 experts", "token"},
                  [&] { mergeAdapter(model.folder(), adapter, in("refused")); });
      EXPECT_FALSE(std::filesystem::exists(in("refused")));
    }
  }
}

TEST_F(MergeRefusals, NothingIsOverwrittenOrLeftBehind) {
  const TinyModel model(in("tiny"), false, 1);
  const auto adapter = madeLora(4).write(in("lora"));
  expectError(ErrorCode::InvalidInput, {"there already"}, [&] { mergeAdapter(model.folder(), adapter, in("tiny")); });
  MadeAdapter other = madeLora(4);
  for (auto& [name, tensor] : other.tensors) tensor = at::ones({2, 3});
  expectError(ErrorCode::InvalidInput, {"[2, 3]"}, [&] { mergeAdapter(model.folder(), other.write(in("other")), in("merged")); });
  EXPECT_FALSE(std::filesystem::exists(in("merged")));
}

}  // namespace
}  // namespace orthoscribe::model
