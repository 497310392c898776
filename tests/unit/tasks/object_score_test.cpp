// SPDX-License-Identifier: GPL-2.0-or-later
// Scores of objects from the probabilities of the tokens that name and place them, in every dialect.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>
#include <string>

#include "core/tasks/dialect.h"
#include "core/tasks/growing_answer.h"

namespace orthoscribe::tasks {
namespace {

constexpr int kNone = -1;

struct Piece {
  const char* text;
  double probability;
  int object = kNone;  // whose name or numbers it spells
};

struct Script {
  const char* dialect;
  std::vector<Piece> pieces;
};

// Two objects each; what grammar alone decides is nearly impossible here, so that it shows where it is counted.
std::vector<Script> scripts() {
  const double never = 0.001;
  return {
      {"starter",
       {{"ship", 0.9, 0},
        {" 50", 0.5, 0},
        {" 50 20", 0.8, 0},
        {" 10 0", 0.6, 0},
        {"\n", never},
        {"car 90", 0.4, 1},
        {" 90 20 10 0", 0.2, 1}}},
      {"rscovlm_polygon",
       {{"10,10,", 0.5, 0},
        {"60,10,60,40,10,40", 0.7, 0},
        {" ship", 0.9, 0},
        {"\n", never},
        {"80,80,99,80,99,99,80,99", 0.3, 1},
        {" car", 0.6, 1}}},
      {"rscovlm_hbb", {{"10,10,", 0.5, 0}, {"60,40", 0.7, 0}, {" ship", 0.9, 0}, {"\n", never}, {"80,80,99,99 car", 0.3, 1}}},
      {"rscovlm_obb",
       {{"50,50,", 0.5, 0}, {"40,20,30", 0.7, 0}, {" ship", 0.9, 0}, {"\n", never}, {"80,80,20,10,0 car", 0.3, 1}}},
      {"lmmrotate",
       {{"ship", 0.9, 0},
        {"<loc_100><loc_100><loc_300><loc_100>", 0.5, 0},
        {"<loc_300><loc_200><loc_100><loc_200>", 0.7, 0},
        {"car", 0.6, 1},
        {"<loc_500><loc_500><loc_700><loc_500><loc_700><loc_600><loc_500><loc_600>", 0.3, 1}}},
      {"skynova",
       {{"<ref>", never},
        {"ship", 0.9, 0},
        {"</ref> [[", never},
        {"10, 10", 0.5, 0},
        {", 40, 40, 0", 0.7, 0},
        {"]] ", never},
        {"<ref>", never},
        {"car", 0.6, 1},
        {"</ref> [[", never},
        {"50, 50, 70, 70, 30", 0.3, 1},
        {"]]", never}}},
      {"internvl",
       {{"<ref>", never},
        {"ship", 0.9, 0},
        {"</ref><box>[[", never},
        {"100, 100", 0.5, 0},
        {", 400, 400", 0.7, 0},
        {"]]</box>", never},
        {"<ref>", never},
        {"car", 0.6, 1},
        {"</ref><box>[[", never},
        {"500, 500, 700, 700", 0.3, 1},
        {"]]</box>", never}}},
      {"geochat",
       {{"<p>", never},
        {"ship", 0.9, 0},
        {"</p> {", never},
        {"<10><10>", 0.5, 0},
        {"<40><40>|<0>", 0.7, 0},
        {"} ", never},
        {"<p>", never},
        {"car", 0.6, 1},
        {"</p> {", never},
        {"<50><50><70><70>|<30>", 0.3, 1},
        {"}", never}}},
      {"qwen2_5_vl",
       {{"```json\n[{\"bbox_2d\": [", never},
        {"10, 10", 0.5, 0},
        {", 60, 60", 0.7, 0},
        {"], \"label\": \"", never},
        {"ship", 0.9, 0},
        {"\"}, {\"", never},
        {"bbox_2d\": [", never},
        {"80, 80, 99, 99", 0.3, 1},
        {"], \"label\": \"", never},
        {"car", 0.6, 1},
        {"\"}]\n```", never}}},
      {"qwen3_vl",
       {{"[{\"bbox_2d\": [", never},
        {"100, 100", 0.5, 0},
        {", 600, 600", 0.7, 0},
        {"], \"label\": \"", never},
        {"ship", 0.9, 0},
        {"\"}, {\"", never},
        {"bbox_2d\": [", never},
        {"700, 700, 900, 900", 0.3, 1},
        {"], \"label\": \"", never},
        {"car", 0.6, 1},
        {"\"}]", never}}},
  };
}

TEST(ObjectScore, CountsTheNameAndTheNumbersInEveryDialect) {
  std::set<std::string_view> tested;
  for (const Script& script : scripts()) {
    tested.insert(script.dialect);
    std::string text;
    std::vector<GeneratedToken> tokens;
    double sums[2] = {};
    int counts[2] = {};
    for (const Piece& piece : script.pieces) {
      text += piece.text;
      tokens.push_back({.text = piece.text, .logProbability = std::log(piece.probability), .alternatives = {}});
      if (piece.object == kNone) continue;
      sums[piece.object] += piece.probability;
      ++counts[piece.object];
    }
    const Dialect& dialect = dialectNamed(script.dialect);
    const ParsedAnswer answer = dialect.parse(text, dialect.frameOf(112, 112), {"ship", "car"}, true);
    ASSERT_EQ(answer.boxes.size(), 2U) << script.dialect;
    for (std::size_t i = 0; i < 2; ++i) {
      const std::optional<double> score = scoreOf(answer.boxes[i], tokens);
      ASSERT_TRUE(score) << script.dialect;
      EXPECT_NEAR(*score, sums[i] / counts[i], 1e-9) << script.dialect << ", object " << i;
    }
    EXPECT_FALSE(scoreOf(answer.boxes[0], {})) << script.dialect;
  }
  for (const std::string_view name : dialectNames()) EXPECT_TRUE(tested.contains(name)) << name << " is not tested";
}

TEST(ObjectScore, BoxesUnderOneNameShareIt) {
  const std::string text = "<ref>ship</ref><box>[[100, 100, 200, 200], [300, 300, 400, 400]]</box>";
  std::vector<GeneratedToken> tokens;
  for (const auto& [piece, probability] : std::initializer_list<std::pair<const char*, double>>{{"<ref>", 0.1},
                                                                                                {"ship", 0.8},
                                                                                                {"</ref><box>[[", 0.1},
                                                                                                {"100, 100, 200, 200", 0.4},
                                                                                                {"], [", 0.1},
                                                                                                {"300, 300, 400, 400", 0.6},
                                                                                                {"]]</box>", 0.1}})
    tokens.push_back({.text = piece, .logProbability = std::log(probability), .alternatives = {}});
  const ParsedAnswer answer = dialectNamed("internvl").parse(text, {112, 112, 112, 112}, {"ship"}, true);
  ASSERT_EQ(answer.boxes.size(), 2U);
  EXPECT_NEAR(scoreOf(answer.boxes[0], tokens).value(), 0.6, 1e-9);
  EXPECT_NEAR(scoreOf(answer.boxes[1], tokens).value(), 0.7, 1e-9);
}

TEST(ObjectScore, IsUnknownWhereAProbabilityIs) {
  const std::vector<GeneratedToken> tokens = {
      {.text = "ship 50 50", .logProbability = std::numeric_limits<double>::quiet_NaN(), .alternatives = {}},
      {.text = " 20 10 0\n", .logProbability = -0.1, .alternatives = {}},
      {.text = "ship 90 90 20 10 0", .logProbability = std::log(0.5), .alternatives = {}}};
  const ParsedAnswer answer =
      dialectNamed("starter").parse("ship 50 50 20 10 0\nship 90 90 20 10 0", {256, 256, 256, 256}, {"ship"}, true);
  ASSERT_EQ(answer.boxes.size(), 2U);
  EXPECT_FALSE(scoreOf(answer.boxes[0], tokens));
  EXPECT_NEAR(scoreOf(answer.boxes[1], tokens).value(), 0.5, 1e-9);
}

}  // namespace
}  // namespace orthoscribe::tasks
