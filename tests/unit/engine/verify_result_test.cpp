// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/verify/result.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>

#include <limits>

#include "core/engine/verify/tensors.h"

namespace orthoscribe::engine::verify {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using Ids = std::vector<std::int64_t>;

TEST(VerifyResult, ComparesTensorsByTheMeasureOfTheFixtures) {
  const at::Tensor expected = at::tensor({0.0, 50.0, -100.0}, at::kDouble);
  const Check check = compareTensors("logits", at::tensor({0.001, 50.0, -100.02}, at::kDouble), expected, 1e-4);
  EXPECT_NEAR(check.error, 0.02 / 100, 1e-12);
  EXPECT_FALSE(check.holds());
  EXPECT_THAT(check.note, HasSubstr("element 2"));
  // Below one the difference counts as it is.
  EXPECT_NEAR(compareTensors("", at::tensor({0.3}, at::kDouble), at::tensor({0.1}, at::kDouble), 1).error, 0.2, 1e-12);
}

TEST(VerifyResult, OtherShapesAndNumbersThatAreNoneDoNotHold) {
  EXPECT_FALSE(compareTensors("", at::zeros({2, 3}), at::zeros({3, 2}), 1e9).holds());
  EXPECT_FALSE(compareTensors("", at::zeros({5}), at::zeros({6}), 1e9).holds());
  EXPECT_TRUE(compareTensors("", at::zeros({1, 2, 3}), at::zeros({2, 3}), 0).holds());
  EXPECT_FALSE(compareTensors("", at::full({2}, std::numeric_limits<double>::quiet_NaN()), at::zeros({2}), 1e9).holds());
}

TEST(VerifyResult, CountsDifferentIds) {
  EXPECT_TRUE(sameIds("ids", Ids{1, 2, 3}, Ids{1, 2, 3}).holds());
  const Check changed = sameIds("ids", Ids{1, 9, 9}, Ids{1, 2, 3});
  EXPECT_EQ(changed.error, 2);
  EXPECT_THAT(changed.note, HasSubstr("first at 1: 9 instead of 2"));
  EXPECT_EQ(sameIds("ids", Ids{1}, Ids{1, 2, 3}).error, 2);
  EXPECT_THAT(sameIds("ids", Ids{1}, Ids{1, 2, 3}).note, HasSubstr("first at 1: none instead of 2"));
  EXPECT_FALSE(sameIds("ids", Ids{}, Ids{1}).holds());
}

TEST(VerifyResult, ShowsWhereTextsPart) {
  const Check check = sameText("prompt", "the left\nside", "the left side");
  EXPECT_FALSE(check.holds());
  EXPECT_THAT(check.note, HasSubstr("at byte 8"));
  EXPECT_THAT(check.note, HasSubstr("left\\nside"));
  EXPECT_FALSE(sameText("", "a", "ab").holds());
  EXPECT_TRUE(sameText("", "ab", "ab").holds());
}

TEST(VerifyResult, TheLineNamesTheWorstCheckOrEveryFailedOne) {
  CaseResult result{.name = "tiny/case", .family = "f", .checks = {}, .refusal = {}};
  result.checks = {{.what = "a", .error = 1e-6, .tolerance = 1e-5, .note = {}},
                   {.what = "b", .error = 5e-5, .tolerance = 1e-4, .note = {}}};
  EXPECT_EQ(lineOf(result), "ok    tiny/case: 2 checks, worst b: error 5.0e-05, tolerance 1.0e-04");
  result.checks[0].error = 2e-5;
  result.checks[0].note = "largest at element 3";
  EXPECT_EQ(lineOf(result), "FAIL  tiny/case: 1 of 2 checks failed; a: error 2.0e-05, tolerance 1.0e-05 (largest at element 3)");
}

TEST(VerifyResult, NothingComparedDoesNotHold) {
  const CaseResult nothing{.name = "n", .family = "f", .checks = {}, .refusal = {}};
  EXPECT_FALSE(nothing.holds());
  const CaseResult refused{.name = "n", .family = "f", .checks = {{.what = "a", .note = {}}}, .refusal = "not supported yet: x"};
  EXPECT_FALSE(refused.holds());
  EXPECT_EQ(lineOf(refused), "FAIL  n: not supported yet: x");
}

TEST(VerifyResult, SumsUpByFamily) {
  const Check good{.what = "a", .note = {}};
  const Check bad{.what = "a", .error = 1.0, .note = {}};
  const std::vector<CaseResult> results = {{.name = "1", .family = "qwen2", .checks = {good}, .refusal = {}},
                                           {.name = "2", .family = "phi3", .checks = {bad}, .refusal = {}},
                                           {.name = "3", .family = "qwen2", .checks = {good}, .refusal = {}}};
  EXPECT_THAT(summaryOf(results), ElementsAre("qwen2: 2 of 2 held", "phi3: 0 of 1 held", "all: 2 of 3 held"));
}

}  // namespace
}  // namespace orthoscribe::engine::verify
