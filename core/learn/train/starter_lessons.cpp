// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/starter_lessons.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>

#include "core/learn/data/object_targets.h"
#include "core/learn/train/lesson.h"
#include "core/learn/train/preference_lessons.h"
#include "core/learn/train/starter_answers.h"

namespace orthoscribe::learn {
namespace {

constexpr std::size_t kPairsAPicture = 3;
constexpr std::int64_t kMaxPairTokens = 4096;  // pairs are never cut
constexpr std::int64_t kTextRowTokens = 288;

DecoderViewOptions viewOptions(const StarterModel& starter, const StarterLessonOptions& options) {
  DecoderViewOptions views;
  views.batch = static_cast<int>(options.pictures);
  views.side = static_cast<int>(starter.shape().vision.sidePx);
  views.drawWeights = options.drawWeights;
  if (options.preferences) {
    views.boxShare = 0.8;
    views.captionShare = 0;
    views.drawnShare = 0;
  }
  return views;
}

std::vector<float> rowOf(const torch::Tensor& table, std::int64_t row) {
  const torch::Tensor values = table[row].to(at::kCPU, at::kFloat).contiguous();
  return {values.data_ptr<float>(), values.data_ptr<float>() + values.numel()};
}

}  // namespace

StarterLessons::StarterLessons(const StarterModel& starter, const std::vector<Sample>& samples,
                               const std::vector<QuestionAnswer>& knowledge, const text::Tokenizer& tokenizer,
                               const StarterLessonOptions& options)
    : starter_(starter),
      knowledge_(knowledge),
      options_(options),
      template_(text::chatTemplateNamed("starter")),
      packer_(tokenizer, *template_, starter.shape().vision.imageTokens(),
              options.preferences ? kMaxPairTokens : options.maxTextTokens),
      maker_(samples, viewOptions(starter, options), options.seed),
      loose_(knowledge, options.strangers),
      device_(starter.store().parameters().front().value.device()) {
  if (knowledge.empty()) options_.texts = 0;
}

void StarterLessons::begin(std::int64_t first, std::int64_t stride) {
  if (options_.pictures == 0) return;
  prefetch_.emplace([this, first, stride](std::int64_t index) { return maker_.make(first + index * stride); }, 0);
}

void StarterLessons::load(std::int64_t number) {
  const at::NoGradGuard noGradients;
  if (options_.pictures > 0) {
    const DecoderViews views = prefetch_->next();
    view_ = starter_.vision().look(normalisedPixels(views.pixels, device_, options_.dtype));
    pictures_ = packer_.pack(pictureLessons(views));
  }
  if (options_.texts > 0) texts_ = packer_.packTexts(textLessons(number));
}

AnswerBatch StarterLessons::answer() {
  if (options_.pictures == 0) return starterAnswers(starter_, nullptr, texts_, options_.dtype).batch;
  AnswerBatch pictures = starterAnswers(starter_, &*view_, pictures_, options_.dtype).batch;
  if (options_.preferences) pairUp(pictures);
  if (options_.texts == 0) return pictures;
  return joined(std::move(pictures), starterAnswers(starter_, nullptr, texts_, options_.dtype).batch);
}

std::vector<std::vector<QuestionAnswer>> StarterLessons::pictureLessons(const DecoderViews& views) {
  std::vector<std::vector<QuestionAnswer>> lessons;
  if (options_.preferences) {
    choosePreferences(views, lessons);
    return lessons;
  }
  const model::StarterVisionConfig& vision = starter_.shape().vision;
  for (std::size_t picture = 0; picture < views.facts.size(); ++picture) {
    const ViewFacts& facts = views.facts[picture];
    if (facts.drawnObjects) {
      Random random(facts.seed + 1);
      view_->objects[picture] = drawObjects(vision.proposals, static_cast<int>(vision.sidePx), random);
    }
    lessons.push_back(makeLesson(facts, view_->objects[picture]));
  }
  return lessons;
}

void StarterLessons::choosePreferences(const DecoderViews& views, std::vector<std::vector<QuestionAnswer>>& lessons) {
  for (std::size_t picture = 0; picture < views.facts.size(); ++picture) {
    std::vector<QuestionAnswer> lesson;
    const std::vector<float> scenes = rowOf(view_->scenes, static_cast<std::int64_t>(picture));
    for (PreferencePair& pair : makePreferences(views.facts[picture], view_->objects[picture], scenes, kPairsAPicture)) {
      lesson.push_back(pair.chosen);
      lesson.push_back({pair.chosen.question, std::move(pair.rejected)});
    }
    lessons.push_back(std::move(lesson));
  }
}

// Every second answer is the worse one of the one before it.
void StarterLessons::pairUp(AnswerBatch& batch) const {
  for (std::int64_t chosen = 0; chosen + 1 < batch.answerCount; chosen += 2) batch.pairs.emplace_back(chosen, chosen + 1);
  batch.weights = batch.weights * batch.answers.remainder(2).eq(0).to(at::kFloat);
  const torch::Tensor questions = pictures_.questions.to(device_);
  const torch::Tensor rejected = questions.gt(0).logical_and(questions.remainder(2).eq(0));
  batch.isText = batch.isText.logical_and(rejected.logical_not());
}

std::vector<std::vector<QuestionAnswer>> StarterLessons::textLessons(std::int64_t number) const {
  Random random(options_.seed * 15485863 + static_cast<std::uint64_t>(number));
  std::vector<std::vector<QuestionAnswer>> rows(static_cast<std::size_t>(options_.texts));
  for (std::vector<QuestionAnswer>& row : rows) {
    for (std::int64_t used = 0;;) {
      const QuestionAnswer& drawn = knowledge_[random() % knowledge_.size()];
      QuestionAnswer pair{loose_.loosened(drawn.question, random), drawn.answer};
      // The prompt's own beginning is counted generously: an answer must never be cut.
      used += packer_.lengthOf(pair) + 8;
      if (used > std::min(kTextRowTokens, options_.maxTextTokens + 64) && !row.empty()) break;
      row.push_back(std::move(pair));
    }
  }
  return rows;
}

}  // namespace orthoscribe::learn
