// SPDX-License-Identifier: GPL-2.0-or-later
// What `orthoscribe verify` says of the fixtures that lie beside the repository.
#include <gmock/gmock.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/engine/verify/fixtures.h"

namespace orthoscribe::engine::verify {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const fs::path kFixtures = fs::path(ORTHOSCRIBE_SHARED_DIR) / "parity" / "public";

// A model with one of its cases, to be changed.
class ChangedCase : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(kFixtures / "qwen2_tiny")) GTEST_SKIP() << "no fixtures in " << kFixtures;
    fs::copy(kFixtures / "qwen2_tiny", folder_.path() / "renamed", fs::copy_options::recursive);
    for (const auto& entry : fs::recursive_directory_iterator(folder_.path()))
      fs::permissions(entry.path(), fs::perms::owner_write, fs::perm_options::add);
  }
  fs::path model() const { return folder_.path() / "renamed"; }
  std::vector<FoundCase> cases() const { return findCases({folder_.path()}); }

  void changeExpected(const std::function<void(nlohmann::json&)>& change) {
    const fs::path file = cases().front().fixture.place / "expected.json";
    nlohmann::json expected = nlohmann::json::parse(readTextFile(file));
    change(expected);
    writeTextFile(file, expected.dump());
  }

  TemporaryDirectory folder_;
};

TEST(VerifyParity, EverySupportedFixtureHolds) {
  if (!fs::exists(kFixtures)) GTEST_SKIP() << "no fixtures in " << kFixtures;
  std::map<std::string, int> held;
  for (const FoundCase& found : findCases({kFixtures})) {
    const CaseResult result = runCase(found);
    if (result.refusal.starts_with("not supported yet")) continue;
    EXPECT_TRUE(result.holds()) << lineOf(result);
    if (result.holds()) ++held[result.family];
  }
  for (const char* family : {"internvl_chat", "internvl", "instructblip", "llama", "qwen2", "qwen2_5_vl", "qwen3_vl", "phi3",
                             "image preparation clip and blip", "image preparation qwen2_5_vl", "image preparation qwen3_vl",
                             "adapters on qwen2", "adapters on phi3", "image decoding", "image preparation internvl",
                             "tokenizer qwen2", "tokenizer sp_bpe", "chat templates"})
    EXPECT_GT(held[family], 0) << family;
}

TEST_F(ChangedCase, HoldsUnchangedUnderAnotherName) {
  for (const FoundCase& found : cases()) EXPECT_TRUE(runCase(found).holds()) << lineOf(runCase(found));
}

TEST_F(ChangedCase, OneOtherTokenIsNoticed) {
  changeExpected([](nlohmann::json& expected) { expected["greedy_ids"][23] = expected["greedy_ids"][23].get<int>() + 1; });
  EXPECT_THAT(lineOf(runCase(cases().front())), HasSubstr("1 of 13 checks failed; greedy_ids"));
}

TEST_F(ChangedCase, OneOtherLetterIsNoticed) {
  changeExpected([](nlohmann::json& expected) { expected["decoded"] = expected["decoded"].get<std::string>() + "."; });
  EXPECT_THAT(lineOf(runCase(cases().front())), HasSubstr("checks failed; decoded"));
}

TEST_F(ChangedCase, AMissingShardIsNamed) {
  fs::path shard;
  for (const auto& entry : fs::directory_iterator(model()))
    if (entry.path().extension() == ".safetensors") shard = entry.path();
  fs::remove(shard);
  const CaseResult result = runCase(cases().front());
  EXPECT_FALSE(result.holds());
  EXPECT_THAT(result.refusal, HasSubstr(shard.filename().string()));
}

}  // namespace
}  // namespace orthoscribe::engine::verify
