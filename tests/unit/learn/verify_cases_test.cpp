// SPDX-License-Identifier: GPL-2.0-or-later
// What `orthoscribe verify` says of metrics and losses that lie beside the repository.
#include <gmock/gmock.h>

#include <functional>
#include <map>
#include <nlohmann/json.hpp>

#include "core/base/files.h"
#include "core/learn/verify/kinds.h"

namespace orthoscribe::learn::verify {
namespace {

namespace fs = std::filesystem;
using engine::verify::CaseResult;
using engine::verify::FoundCase;
using nlohmann::json;
using testing::HasSubstr;

const fs::path kFixtures = fs::path(ORTHOSCRIBE_SHARED_DIR) / "parity" / "public";

std::vector<FoundCase> casesIn(const fs::path& folder) {
  return engine::verify::findCases({folder}, fixtureKinds());
}

TEST(VerifyCases, MetricsAndLossesHold) {
  if (!fs::exists(kFixtures)) GTEST_SKIP() << "no fixtures in " << kFixtures;
  std::map<std::string, int> held;
  for (const char* folder : {"metrics_vectors", "mole_reference"}) {
    for (const FoundCase& found : casesIn(kFixtures / folder)) {
      const CaseResult result = runCase(found);
      if (result.family == "unknown") continue;  // of the engine's kinds
      EXPECT_TRUE(result.holds()) << lineOf(result);
      ++held[result.family];
    }
  }
  for (const char* family : {"average precision", "polygon overlap", "caption metrics", "answer matching",
                             "losses of experts on qwen2", "losses of experts on phi3", "preference losses"})
    EXPECT_GT(held[family], 0) << family;
}

class ChangedFixture : public testing::Test {
 protected:
  // A copy of one fixture with a change in its JSON file, and what is said of it.
  std::string lineAfter(const fs::path& from, const std::string& file, const std::function<void(json&)>& change) {
    if (!fs::exists(kFixtures / from)) return {};
    const fs::path copy = folder_.path() / "copy";
    fs::copy(kFixtures / from, copy, fs::copy_options::recursive);
    for (const auto& entry : fs::recursive_directory_iterator(copy))
      fs::permissions(entry.path(), fs::perms::owner_write, fs::perm_options::add);
    json document = json::parse(readTextFile(copy / file));
    change(document);
    writeTextFile(copy / file, document.dump());
    std::string lines;
    for (const FoundCase& found : casesIn(folder_.path())) {
      const CaseResult result = runCase(found);
      if (!result.holds() && result.family != "unknown") lines += lineOf(result) + "\n";
    }
    return lines;
  }
  void SetUp() override {
    if (!fs::exists(kFixtures)) GTEST_SKIP() << "no fixtures in " << kFixtures;
  }

  TemporaryDirectory folder_;
};

TEST_F(ChangedFixture, AnotherScoreIsNoticed) {
  EXPECT_THAT(lineAfter("metrics_vectors", "captions.json",
                        [](json& file) { file["items"][1]["cider_d"] = file["items"][1]["cider_d"].get<double>() + 1e-4; }),
              HasSubstr("1 of 6 checks failed; cider_d of items"));
}

TEST_F(ChangedFixture, AnotherVerdictIsNoticed) {
  EXPECT_THAT(lineAfter("metrics_vectors", "detection_obb_1.json",
                        [](json& file) { file["expected"]["per_class"]["plane"]["flags"][0] = "fp"; }),
              HasSubstr("1 of 18 checks failed; flags"));
}

TEST_F(ChangedFixture, AnotherLossIsNoticed) {
  EXPECT_THAT(lineAfter("mole_reference/preference", "expected.json",
                        [](json& file) {
                          for (auto& [name, setting] : file["settings"].items()) setting["dpo"] = 0.5;
                        }),
              HasSubstr("checks failed; dpo"));
}

TEST_F(ChangedFixture, ALossWithoutANameHereIsRefused) {
  fs::copy(kFixtures / "qwen2_tiny", folder_.path() / "qwen2_tiny", fs::copy_options::recursive);
  EXPECT_THAT(
      lineAfter("mole_reference/qwen2_tiny/losses_e4_k2", "expected.json", [](json& file) { file["losses"]["other"] = 1; }),
      HasSubstr("not supported yet: the loss 'other'"));
}

}  // namespace
}  // namespace orthoscribe::learn::verify
