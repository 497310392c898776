// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/starter_lessons.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include "core/base/files.h"
#include "core/learn/train/preference_lessons.h"
#include "core/learn/train/starter_answers.h"
#include "core/learn/train/starter_measure.h"
#include "tests/unit/learn/tiny_starter.h"

namespace orthoscribe::learn {
namespace {

constexpr double kTolerance = 1e-4;

class Lessons : public testing::Test {
 protected:
  Lessons()
      : samples_(tinySamples(6)),
        knowledge_(tinyKnowledge()),
        tokenizer_(tinyTokenizer(samples_, folder_.path())),
        template_(text::chatTemplateNamed("starter")),
        starter_(tinyShape(tokenizer_->size()), 5, torch::kCPU),
        packer_(*tokenizer_, *template_, starter_.shape().vision.imageTokens(), 400) {}

  StarterLessons stream(std::int64_t pictures, std::int64_t texts, bool preferences = false) const {
    StarterLessonOptions options;
    options.pictures = pictures;
    options.texts = texts;
    options.preferences = preferences;
    options.dtype = at::kFloat;
    return {starter_, samples_, knowledge_, *tokenizer_, options};
  }

  AnswerBatch batch(StarterLessons& lessons, std::int64_t first, std::int64_t number) const {
    lessons.begin(first, 1);
    for (std::int64_t at = first; at <= number; ++at) lessons.load(at);
    return lessons.answer();
  }

  const at::NoGradGuard noGradients_;
  TemporaryDirectory folder_;
  std::vector<Sample> samples_;
  std::vector<QuestionAnswer> knowledge_;
  std::unique_ptr<text::Tokenizer> tokenizer_;
  std::unique_ptr<text::ChatTemplate> template_;
  StarterModel starter_;
  LessonPacker packer_;
};

TEST_F(Lessons, AMicroBatchDependsOnItsNumberAlone) {
  StarterLessons fromStart = stream(3, 1);
  StarterLessons fromThere = stream(3, 1);
  const AnswerBatch one = batch(fromStart, 0, 2);
  const AnswerBatch other = batch(fromThere, 2, 2);
  EXPECT_TRUE(at::equal(one.labels, other.labels));
  EXPECT_TRUE(at::equal(one.logits, other.logits));
}

TEST_F(Lessons, AnswersOfPicturesAndTextsAreNumberedInOneRow) {
  StarterLessons lessons = stream(2, 2);
  const AnswerBatch both = batch(lessons, 0, 0);
  const torch::Tensor rising =
      both.answers.narrow(0, 1, both.answers.size(0) - 1) - both.answers.narrow(0, 0, both.answers.size(0) - 1);
  EXPECT_EQ(both.answers[0].item<std::int64_t>(), 0);
  EXPECT_EQ(both.answers[-1].item<std::int64_t>(), both.answerCount - 1);
  EXPECT_GE(rising.min().item<std::int64_t>(), 0);
  EXPECT_LE(rising.max().item<std::int64_t>(), 1);
  ASSERT_EQ(both.routings.size(), 2U);
  EXPECT_EQ(both.routings[0].probs.size(1), both.isText.size(1));
  EXPECT_GT(both.isImage.sum().item<std::int64_t>(), 0);
}

TEST_F(Lessons, QuestionsWithoutAnImageDoNotSeeEachOther) {
  const auto logits = [&](const std::vector<QuestionAnswer>& row) {
    return starterAnswers(starter_, nullptr, packer_.packTexts({row}), at::kFloat).batch.logits;
  };
  const torch::Tensor together = logits({knowledge_[0], knowledge_[1]});
  const torch::Tensor apart = at::cat({logits({knowledge_[0]}), logits({knowledge_[1]})}, 0);
  ASSERT_EQ(together.sizes(), apart.sizes());
  EXPECT_LT((together - apart).abs().max().item<double>(), kTolerance);
}

TEST_F(Lessons, AQuestionWithoutAnImageReadsAsTheTemplateWritesIt) {
  const PackedLessons packed = packer_.packTexts({{knowledge_[0]}});
  const std::string prompt = template_->render({{"user", knowledge_[0].question}}, true);
  std::vector<text::TokenId> ids(packed.ids[0].data_ptr<std::int64_t>(),
                                 packed.ids[0].data_ptr<std::int64_t>() + packed.ids.size(1));
  EXPECT_TRUE(tokenizer_->decode(ids, false).starts_with(prompt));
  EXPECT_EQ(packed.imageRows, 0);
}

TEST_F(Lessons, EveryRejectedAnswerStandsBehindItsChosenOne) {
  StarterLessons lessons = stream(4, 0, true);
  const AnswerBatch pairs = batch(lessons, 0, 0);
  ASSERT_GT(pairs.pairs.size(), 0U);
  EXPECT_EQ(static_cast<std::int64_t>(pairs.pairs.size()) * 2, pairs.answerCount);
  for (const auto& [chosen, rejected] : pairs.pairs) {
    EXPECT_EQ(rejected, chosen + 1);
    const auto weight = [&](std::int64_t answer) {
      return pairs.weights.masked_select(pairs.answers.eq(answer)).sum().item<double>();
    };
    EXPECT_GT(weight(chosen), 0);
    EXPECT_EQ(weight(rejected), 0);
  }
}

// Objects on the true boxes, surely seen, and beside them one that is none.
std::vector<model::ProposedObject> proposals(const std::vector<LabelledBox>& boxes) {
  std::vector<model::ProposedObject> objects;
  for (const LabelledBox& labelled : boxes) {
    const geo::OrientedBox& box = labelled.box;
    objects.push_back({labelled.objectClass, 0.9, box.centre.x, box.centre.y, box.longSide, box.shortSide, box.angleDeg + 180});
    objects.push_back({labelled.objectClass, 0.4, 5, 5, box.longSide, box.shortSide, 0});
  }
  return objects;
}

TEST_F(Lessons, TheWorseListGoesOnWithAnObjectThatIsNone) {
  std::size_t goesOn = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const ViewFacts facts{
        .sample = &samples_[0], .boxes = samples_[0].boxes, .upright = true, .drawnObjects = false, .seed = seed};
    for (const PreferencePair& pair : makePreferences(facts, proposals(facts.boxes), {}, 8)) {
      EXPECT_NE(pair.chosen.answer, pair.rejected);
      if (!pair.chosen.question.starts_with("Detect:")) continue;
      EXPECT_EQ(std::count(pair.chosen.answer.begin(), pair.chosen.answer.end(), '\n'), 0) << "one object is true";
      goesOn += pair.rejected.starts_with(pair.chosen.answer + "\n") ? 1 : 0;
    }
  }
  EXPECT_GT(goesOn, 5U);
}

TEST_F(Lessons, TheLikeliestWrongSceneIsRejected) {
  std::vector<float> shares(kSceneCount, 0.01F);
  shares[static_cast<std::size_t>(*samples_[0].scene)] = 0.5F;
  shares[3] = 0.3F;
  const ViewFacts facts{.sample = &samples_[0], .boxes = samples_[0].boxes, .upright = true, .drawnObjects = false, .seed = 1};
  const auto pairs = makePreferences(facts, {}, shares, 16);
  const auto scene = std::ranges::find_if(pairs, [&](const PreferencePair& pair) {
    return pair.chosen.answer == kScenes[static_cast<std::size_t>(*samples_[0].scene)];
  });
  ASSERT_NE(scene, pairs.end());
  EXPECT_EQ(scene->rejected, kScenes[3]);
}

TEST_F(Lessons, MeasuringCountsEveryClosedBookQuestion) {
  const Figures figures = measureKnowledge(starter_, knowledge_, packer_, at::kFloat);
  EXPECT_EQ(figures.at("knowledge_asked"), static_cast<double>(knowledge_.size()));
  EXPECT_LE(figures.at("knowledge"), 1);
}

TEST_F(Lessons, EverySampleHasALoss) {
  const std::vector<double> losses = lossesOfSamples(starter_, samples_, packer_, at::kFloat);
  ASSERT_EQ(losses.size(), samples_.size());
  for (const double loss : losses) EXPECT_GT(loss, 1) << "nothing was learned yet";
}

TEST_F(Lessons, PicturesAreDrawnByTheirWeights) {
  DecoderViewOptions options;
  options.batch = 64;
  options.side = 64;
  options.drawWeights = {0, 0, 5, 0, 0, 1};
  const DecoderViewMaker maker(samples_, options, 3);
  std::map<const Sample*, int> drawn;
  for (const ViewFacts& facts : maker.make(0).facts) ++drawn[facts.sample];
  EXPECT_EQ(drawn.size(), 2U);
  EXPECT_GT(drawn[&samples_[2]], drawn[&samples_[5]]);
}

}  // namespace
}  // namespace orthoscribe::learn
