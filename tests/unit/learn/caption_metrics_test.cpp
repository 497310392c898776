// SPDX-License-Identifier: GPL-2.0-or-later
// Values computed with coco-caption's own code (shared reference/rsmoe_and_metrics.md, section 6.6), and by hand.
#include <gtest/gtest.h>

#include <cmath>

#include "core/learn/metrics/bleu.h"
#include "core/learn/metrics/cider_d.h"
#include "core/learn/metrics/rouge_l.h"

namespace orthoscribe::learn {
namespace {

const std::vector<CaptionedPicture>& threePictures() {
  static const std::vector<CaptionedPicture> pictures = {
      {"a large building is near many green trees",
       {"many green trees are around a large building", "a large building is surrounded by trees"}},
      {"two white planes are parked near a terminal",
       {"two planes are parked near the terminal", "there are two white planes on the apron", "planes parked beside a terminal"}},
      {"a river", {"a river runs through farmland"}}};
  return pictures;
}

void expectAll(const std::vector<double>& actual, const std::vector<double>& expected) {
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t index = 0; index < expected.size(); ++index) EXPECT_NEAR(actual[index], expected[index], 1e-9) << index;
}

TEST(Bleu, AgreesWithCocoCaption) {
  const BleuScore score = bleu(threePictures());
  expectAll({score.corpus.begin(), score.corpus.end()}, {0.7994549623, 0.7357847595, 0.6119224530, 0.4437968211});
  expectAll({score.each[0][0], score.each[1][0], score.each[2][0]}, {0.8749999998, 0.9999999998, 0.2231301599});
  expectAll({score.each[0][3], score.each[1][3], score.each[2][3]}, {0.4999999999, 0.5410822689, 0.0002231302});
}

TEST(Bleu, TheClosestReferenceCountsAndTheShorterOfTwo) {
  for (const double value : bleu({{"a b c d", {"a b c d e", "a b"}}}).corpus) EXPECT_NEAR(value, std::exp(-0.25), 1e-8);
  for (const double value : bleu({{"a b c d", {"a b c d e", "a b c"}}}).corpus) EXPECT_NEAR(value, 1, 1e-8);
}

TEST(Bleu, RepeatingAWordEarnsNothing) {
  EXPECT_NEAR(bleu({{"the the the the", {"the cat is here"}}}).corpus[0], 0.25, 1e-8);
}

TEST(RougeL, AgreesWithCocoCaption) {
  const CaptionScore score = rougeL(threePictures());
  EXPECT_NEAR(score.corpus, 0.6716493523, 1e-9);
  expectAll(score.each, {0.6747787610, 0.8097345133, 0.5304347826});
}

TEST(CiderD, AgreesWithCocoCaption) {
  const CaptionScore score = ciderD(threePictures());
  EXPECT_NEAR(score.corpus, 3.0855304337, 1e-9);
  expectAll(score.each, {4.1419092873, 2.9084397572, 2.2062422565});
}

TEST(CiderD, DependsOnTheWholeSet) {
  EXPECT_NEAR(ciderD({{"a b c d", {"a b c d"}}}).corpus, 0, 1e-12);
  expectAll(ciderD({{"a b c d", {"a b c d"}}, {"e f g h", {"e f g h"}}}).each, {10, 10});
  expectAll(ciderD({{"a b c d", {"a b c d"}}, {"e f", {"e f"}}}).each, {10, 5});
}

TEST(CaptionMetrics, NothingSaidScoresNothing) {
  const std::vector<CaptionedPicture> silent = {{"", {"a b c d"}}, {"e f", {"e f"}}};
  EXPECT_EQ(bleu(silent).each[0][0], 0);
  EXPECT_EQ(rougeL(silent).each[0], 0);
  EXPECT_EQ(ciderD(silent).each[0], 0);
  EXPECT_EQ(rougeL({}).corpus, 0);
  EXPECT_EQ(ciderD({}).corpus, 0);
}

}  // namespace
}  // namespace orthoscribe::learn
