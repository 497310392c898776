// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/verify/fixtures.h"

#include <gmock/gmock.h>

#include <map>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/files.h"

namespace orthoscribe::engine::verify {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

class VerifyFixtures : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) {
    fs::create_directories((top() / name).parent_path());
    writeTextFile(top() / name, text);
  }
  void writeCase(const std::string& folder) {
    for (const char* file : {"inputs.safetensors", "outputs.safetensors", "expected.json"}) write(folder + "/" + file, "{}");
  }
  const fs::path& top() const { return folder_.path(); }

  std::vector<std::string> names(const std::vector<std::string>& only = {}) {
    std::vector<std::string> list;
    for (const FoundCase& found : pickCases(findCases({top()}), only)) list.push_back(found.name);
    return list;
  }
  CaseResult onlyResult() {
    const std::vector<FoundCase> cases = findCases({top()});
    EXPECT_EQ(cases.size(), 1u);
    return runCase(cases.at(0));
  }

  TemporaryDirectory folder_;
};

TEST_F(VerifyFixtures, FindsCasesByTheirFilesWhateverTheFoldersAreCalled) {
  write("alpha/config.json", "{}");
  writeCase("alpha/one");
  writeCase("alpha/two");
  writeCase("no_model/one");
  write("beta/vectors.json", "{}");
  write("gamma/adapter_config.json", "{}");
  write("gamma/outputs.safetensors", "");
  write("gamma/expected.json", "{}");
  write("gamma/other_names/adapter_config.json", "{}");
  EXPECT_THAT(names(), ElementsAre("alpha/one", "alpha/two", "beta", "gamma", "gamma/other_names", "no_model/one"));
}

TEST_F(VerifyFixtures, NamesAreTheSameFromAModelOrACase) {
  write("alpha/config.json", "{}");
  writeCase("alpha/one");
  EXPECT_EQ(findCases({top() / "alpha"}).at(0).name, "alpha/one");
  EXPECT_EQ(findCases({top() / "alpha/one"}).at(0).name, "alpha/one");
}

TEST_F(VerifyFixtures, PicksFromTheTopBeforePartsBeforePieces) {
  for (const char* model : {"qwen2_tiny", "qwen2_5_tiny", "experts/qwen2_tiny"}) {
    write(std::string(model) + "/config.json", "{}");
    writeCase(std::string(model) + "/case_01_plain");
    writeCase(std::string(model) + "/case_02_chat");
  }
  EXPECT_THAT(names({"qwen2_tiny"}), ElementsAre("qwen2_tiny/case_01_plain", "qwen2_tiny/case_02_chat"));
  EXPECT_THAT(names({"qwen2_tiny/case_02*"}), ElementsAre("qwen2_tiny/case_02_chat"));
  EXPECT_THAT(names({"qwen2_?_*/*01*"}), ElementsAre("qwen2_5_tiny/case_01_plain"));
  EXPECT_THAT(names({"case_01_plain"}),
              ElementsAre("experts/qwen2_tiny/case_01_plain", "qwen2_5_tiny/case_01_plain", "qwen2_tiny/case_01_plain"));
  EXPECT_THAT(names({"_chat"}),
              ElementsAre("experts/qwen2_tiny/case_02_chat", "qwen2_5_tiny/case_02_chat", "qwen2_tiny/case_02_chat"));
  EXPECT_THAT(names({"experts", "qwen2_5_tiny/case_01_plain"}),
              ElementsAre("experts/qwen2_tiny/case_01_plain", "experts/qwen2_tiny/case_02_chat", "qwen2_5_tiny/case_01_plain"));
  EXPECT_THROW(names({"qwen2_tiny", "nothing_like_it"}), Error);
}

TEST_F(VerifyFixtures, RefusesFoldersWithoutFixtures) {
  EXPECT_THROW(findCases({top()}), Error);
  EXPECT_THROW(findCases({top() / "missing"}), Error);
}

TEST_F(VerifyFixtures, NamesWhatIsOfNoKnownKind) {
  write("losses/expected.json", "{}");
  write("losses/adapter_config.json", "{}");
  write("preference/logps.safetensors", "");
  write("preference/expected.json", "{}");
  write("strange/iou.json", R"({"pairs": []})");
  write("strange/other.json", R"({"something": 1})");
  writeCase("no_model/one");
  const std::vector<FoundCase> cases = findCases({top()});
  EXPECT_EQ(cases.size(), 5u);
  for (const FoundCase& found : cases) {
    const CaseResult result = runCase(found);
    EXPECT_FALSE(result.holds()) << found.name;
    EXPECT_THAT(lineOf(result), HasSubstr("not supported yet")) << found.name;
  }
}

TEST_F(VerifyFixtures, TakesKindsOfOtherRooms) {
  write("strange/iou.json", R"({"pairs": []})");
  write("strange/other.json", R"({"something": 1})");
  const std::vector<FixtureKind> kinds = {{"pairs", [](const fs::path& folder) -> std::vector<FixtureCase> {
                                             if (!fs::exists(folder / "iou.json")) return {};
                                             return {{folder / "iou.json", "pairs", [](CaseResult& result) {
                                                        result.checks.push_back({.what = "pairs", .note = {}});
                                                      }}};
                                           }}};
  std::map<std::string, bool> held;
  for (const FoundCase& found : findCases({top()}, kinds)) held[found.name] = runCase(found).holds();
  EXPECT_THAT(held, ElementsAre(std::pair("strange/iou.json", true), std::pair("strange/other.json", false)));
}

TEST_F(VerifyFixtures, AnUnknownFamilyIsNamedAndDoesNotHold) {
  write("model/config.json", R"({"model_type": "perceiver"})");
  writeCase("model/case");
  for (const char* file : {"model/case/inputs.safetensors", "model/case/outputs.safetensors"})
    write(file, std::string("\x02\0\0\0\0\0\0\0{}", 10));
  const CaseResult result = onlyResult();
  EXPECT_FALSE(result.holds());
  EXPECT_EQ(result.family, "perceiver");
  EXPECT_THAT(result.refusal, HasSubstr("not supported yet"));
  EXPECT_THAT(result.refusal, HasSubstr("perceiver"));
}

TEST_F(VerifyFixtures, ChatTemplatesHoldOnlyIfEveryRowDoes) {
  json file{{"family", "qwen2"}, {"rows", json::array()}};
  file["rows"].push_back(
      {{"messages", {{{"role", "system"}, {"content", "s"}}, {{"role", "user"}, {"content", "u"}}}},
       {"add_generation_prompt", true},
       {"rendered", "<|im_start|>system\ns<|im_end|>\n<|im_start|>user\nu<|im_end|>\n<|im_start|>assistant\n"}});
  write("templates/any name.json", file.dump());
  EXPECT_TRUE(onlyResult().holds()) << lineOf(onlyResult());
  file["rows"].push_back(file["rows"][0]);
  file["rows"][1]["rendered"] = "something else";
  write("templates/any name.json", file.dump());
  EXPECT_FALSE(onlyResult().holds());
  EXPECT_THAT(lineOf(onlyResult()), HasSubstr("1 of 2 differ"));
}

TEST_F(VerifyFixtures, ADamagedFixtureDoesNotHold) {
  write("tokens/vectors.json", R"({"strings": [{"ids": [1]}]})");
  write("tokens/tokenizer.json", R"({"model": )");
  const CaseResult result = onlyResult();
  EXPECT_FALSE(result.holds());
  EXPECT_FALSE(result.refusal.empty());
}

}  // namespace
}  // namespace orthoscribe::engine::verify
