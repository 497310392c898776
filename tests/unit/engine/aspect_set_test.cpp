// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/aspects/aspect_set.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/base/files.h"
#include "core/engine/aspects/model_source.h"
#include "tests/unit/model/expect_error.h"

namespace orthoscribe::engine {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

class AspectFolder : public testing::Test {
 protected:
  AspectFolder() {
    for (const char* name : {"theme", "objects", "relations", "router", "fusion"})
      fs::create_directories(folder() / "adapters" / name);
    fs::create_directories(temporary_.path() / "base");
    writeTextFile(temporary_.path() / "base" / "config.json", "{}");
  }
  fs::path folder() const { return temporary_.path() / "experts"; }
  static json entry(int id, const std::string& name) {
    return {{"id", id}, {"name", name}, {"adapter", "adapters/" + name}, {"max_new_tokens", 30}};
  }
  json whole() const {
    return {{"format", "orthoscribe-rsmoe/1"},
            {"base", "../base"},
            {"visual", nullptr},
            {"aspects", {entry(0, "theme"), entry(1, "objects"), entry(2, "relations")}},
            {"router", {{"mode", "generate"}, {"adapter", "adapters/router"}}},
            {"fusion", {{"mode", "generate"}, {"adapter", "adapters/fusion"}}},
            {"relevance", nullptr},
            {"stage", 2},
            {"created_by", "test"}};
  }
  AspectSet read(const json& document) const {
    writeTextFile(folder() / "rsmoe.json", document.dump());
    return readAspectSet(folder());
  }

  TemporaryDirectory temporary_;
};

TEST_F(AspectFolder, IsRead) {
  const AspectSet set = read(whole());
  ASSERT_EQ(set.aspects.size(), 3u);
  EXPECT_EQ(set.aspects[1].instruction, plainAspects().aspects[1].instruction);
  EXPECT_EQ(set.aspects[1].maxNewTokens, 30);
  EXPECT_EQ(set.aspects[1].adapter, folder() / "adapters" / "objects");
  EXPECT_EQ(set.routerMode, RouterMode::Generate);
  EXPECT_EQ(set.fusionMode, FusionMode::Generate);
  EXPECT_EQ(set.routerNumber(), 3);
  EXPECT_EQ(set.fusionNumber(), 4);
  EXPECT_EQ(set.bank().size(), 5u);
  EXPECT_EQ(baseFolderOf(set, folder()), temporary_.path() / "base");
}

TEST_F(AspectFolder, DoesWithoutRouterFusionAndExperts) {
  json document = whole();
  document["router"]["adapter"] = nullptr;
  document.erase("fusion");
  document["aspects"][2]["adapter"] = nullptr;
  const AspectSet set = read(document);
  EXPECT_EQ(set.routerMode, RouterMode::Template);
  EXPECT_EQ(set.fusionMode, FusionMode::Concat);
  EXPECT_EQ(set.numberOf(1), 1);
  EXPECT_EQ(set.numberOf(2), -1);
  EXPECT_EQ(set.routerNumber(), -1);
  EXPECT_TRUE(set.hasExperts());
  EXPECT_FALSE(plainAspects().hasExperts());
}

TEST_F(AspectFolder, SaysWhatIsWrong) {
  json document = whole();
  document["aspects"][1]["adapter"] = "adapters/things";
  expectError(ErrorCode::NotFound, {"rsmoe.json", "aspects[1].adapter", "adapters/things", "null"}, [&] { read(document); });
  document = whole();
  document["format"] = "orthoscribe-rsmoe/9";
  expectError(ErrorCode::Unsupported, {"format", "orthoscribe-rsmoe/9", "orthoscribe-rsmoe/1"}, [&] { read(document); });
  document = whole();
  document["fusion"]["mode"] = "sum";
  expectError(ErrorCode::InvalidInput, {"fusion.mode", "generate, concat, best"}, [&] { read(document); });
  document = whole();
  document["aspects"][2]["name"] = "theme";
  expectError(ErrorCode::InvalidInput, {"aspects[2].name", "twice"}, [&] { read(document); });
  document = whole();
  document["aspects"][0] = {{"name", "weather"}};
  expectError(ErrorCode::InvalidInput, {"aspects[0].default_instruction", "missing"}, [&] { read(document); });
  writeTextFile(folder() / "rsmoe.json", "[1");
  expectError(ErrorCode::InvalidInput, {"rsmoe.json"}, [&] { readAspectSet(folder()); });
}

TEST_F(AspectFolder, IsWrittenAsItIsRead) {
  const AspectSet set = read(whole());
  writeAspectSet(folder(), set);
  const AspectSet again = readAspectSet(folder());
  EXPECT_EQ(again.bank(), set.bank());
  EXPECT_EQ(again.base, set.base);
  EXPECT_EQ(again.aspects[0].instruction, set.aspects[0].instruction);
  EXPECT_EQ(again.fusionMode, set.fusionMode);
  EXPECT_TRUE(again.relevance.empty());
}

TEST_F(AspectFolder, StandsForAModelOrBesideOne) {
  read(whole());
  const ModelSource alone = findModelSource(folder(), {});
  EXPECT_EQ(alone.base, temporary_.path() / "base");
  EXPECT_EQ(alone.name, "experts");
  ASSERT_TRUE(alone.aspects);
  const ModelSource beside = findModelSource(temporary_.path() / "base", {folder() / "adapters" / "theme", folder()});
  EXPECT_TRUE(beside.aspects);
  EXPECT_EQ(beside.adapters.size(), 1u);
  EXPECT_EQ(beside.name, "");
  expectError(ErrorCode::InvalidInput, {"second set"}, [&] { findModelSource(folder(), {folder()}); });
  expectError(ErrorCode::NotFound, {"config.json is missing"}, [&] { findModelSource(temporary_.path(), {}); });
}

}  // namespace
}  // namespace orthoscribe::engine
