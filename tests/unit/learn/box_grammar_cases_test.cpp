// SPDX-License-Identifier: GPL-2.0-or-later
// The vectors of box grammars as `orthoscribe verify` runs them, and that it notices what differs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/base/files.h"
#include "core/learn/verify/box_grammar_cases.h"

namespace orthoscribe::learn::verify {
namespace {

namespace fs = std::filesystem;
using engine::verify::CaseResult;
using engine::verify::Check;

CaseResult resultOf(const engine::verify::FixtureCase& fixture) {
  CaseResult result;
  fixture.run(result);
  return result;
}

TEST(BoxGrammarCases, HoldOnTheVectors) {
  const fs::path folder = fs::path(ORTHOSCRIBE_SHARED_DIR) / "parity/public/box_grammar_vectors";
  if (!fs::exists(folder)) GTEST_SKIP() << "no fixtures in " << folder;
  const auto cases = boxGrammarCasesIn(folder);
  EXPECT_EQ(cases.size(), 6U);
  for (const auto& fixture : cases) {
    const CaseResult result = resultOf(fixture);
    EXPECT_EQ(result.checks.size(), 6U);
    for (const Check& check : result.checks)
      EXPECT_TRUE(check.holds()) << fixture.place << ": " << check.what << " " << check.note;
  }
}

class ChangedGrammarCase : public testing::Test {
 protected:
  static nlohmann::json file() {
    return {{"grammar", "boxes before they are turned"},
            {"width", 800},
            {"height", 600},
            {"resized_width", 812},
            {"resized_height", 588},
            {"rows",
             {{{"text", "<p>ship</p> [[10, 20, 30, 40, 350]] [1, 2"},
               {"objects", {{{"label", "ship"}, {"numbers", {10, 20, 30, 40}}, {"pixels", {80, 120, 240, 240}}, {"angle", -10}}}},
               {"dropped", 1}}}}};
  }
  // Names of the checks that do not hold.
  std::vector<std::string> failures(const nlohmann::json& content) const {
    writeTextFile(folder_.path() / "x_angle_0_100.json", content.dump());
    std::vector<std::string> names;
    for (const Check& check : resultOf(boxGrammarCasesIn(folder_.path()).at(0)).checks) {
      if (!check.holds()) names.push_back(check.what);
    }
    return names;
  }

  TemporaryDirectory folder_;
};

TEST_F(ChangedGrammarCase, EachDifferenceIsNoticedByItsName) {
  EXPECT_THAT(failures(file()), testing::IsEmpty());
  const auto changed = [&](const char* pointer, const nlohmann::json& value) {
    nlohmann::json content = file();
    content[nlohmann::json::json_pointer(pointer)] = value;
    return failures(content);
  };
  EXPECT_THAT(changed("/rows/0/objects/0/label", "boat"), testing::ElementsAre("labels"));
  EXPECT_THAT(changed("/rows/0/objects/0/numbers/2", 31), testing::ElementsAre("numbers"));
  EXPECT_THAT(changed("/rows/0/objects/0/pixels/3", 241), testing::ElementsAre("pixels"));
  EXPECT_THAT(changed("/rows/0/objects/0/angle", 10), testing::ElementsAre("angles"));
  EXPECT_THAT(changed("/rows/0/dropped", 0), testing::ElementsAre("dropped"));
  EXPECT_THAT(changed("/rows/0/objects", nlohmann::json::array()), testing::ElementsAre("objects"));
}

}  // namespace
}  // namespace orthoscribe::learn::verify
