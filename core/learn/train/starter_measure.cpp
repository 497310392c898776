// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/starter_measure.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <functional>
#include <map>

#include "core/learn/train/lesson.h"
#include "core/learn/train/starter_answers.h"

namespace orthoscribe::learn {
namespace {

constexpr std::size_t kBatch = 16;
constexpr std::size_t kTextsARow = 8;

using Lessons = std::vector<std::vector<QuestionAnswer>>;

// What kind of question an answer belongs to; empty for those that have no single right wording.
std::string kindOf(const QuestionAnswer& pair) {
  const auto& question = pair.question;
  if (question.starts_with("Detect") || question.starts_with("Find") || question.starts_with("Where") ||
      question.starts_with("Locate")) {
    return pair.answer == "none" ? "detect_none" : "detect_some";
  }
  if (pair.answer == "yes" || pair.answer == "no") return "yes_no";
  if (pair.answer.find_first_not_of("0123456789") == std::string::npos) return "count";
  return pair.answer.find('.') == std::string::npos ? "scene" : "";
}

struct Tally {
  double right = 0;
  double asked = 0;
};

// Tells of each answer which question it belongs to (row, and number in the row from 0) and whether all its tokens are right.
void judge(const StarterAnswers& answers, const PackedLessons& lessons,
           const std::function<void(std::size_t row, std::size_t question, bool right)>& told) {
  const AnswerBatch& batch = answers.batch;
  const torch::Tensor wrong = batch.logits.argmax(1).ne(batch.labels).to(at::kLong);
  const torch::Tensor faults = at::zeros({batch.answerCount}, wrong.options()).scatter_add_(0, batch.answers, wrong).to(at::kCPU);
  const torch::Tensor places = answers.places.to(at::kCPU);
  const torch::Tensor numbers = batch.answers.to(at::kCPU);
  const torch::Tensor questions = lessons.questions.flatten();
  const std::int64_t length = lessons.ids.size(1);
  std::int64_t last = -1;
  for (std::int64_t token = 0; token < places.size(0); ++token) {
    const auto answer = numbers[token].item<std::int64_t>();
    if (answer == last) continue;
    last = answer;
    const auto place = places[token].item<std::int64_t>();
    told(static_cast<std::size_t>(place / length), static_cast<std::size_t>(questions[place].item<std::int64_t>() - 1),
         faults[answer].item<std::int64_t>() == 0);
  }
}

struct Look {
  model::StarterView view;
  Lessons lessons;
  PackedLessons packed;
};

// The plain views of samples begin, begin + 1, ... and what is asked about them.
Look lookAt(const StarterModel& starter, const std::vector<Sample>& samples, std::size_t begin, const LessonPacker& packer,
            at::ScalarType dtype) {
  const auto side = static_cast<int>(starter.shape().vision.sidePx);
  const torch::Device device = starter.store().parameters().front().value.device();
  std::vector<ViewFacts> facts;
  std::vector<torch::Tensor> pixels;
  for (std::size_t index = begin; index < std::min(samples.size(), begin + kBatch); ++index) {
    View view = takeView(samples[index], plainView(samples[index], side), side);
    pixels.push_back(pixelTensor(view.image));
    facts.push_back(
        {.sample = &samples[index], .boxes = std::move(view.boxes), .upright = true, .drawnObjects = false, .seed = index});
  }
  Look look;
  look.view = starter.vision().look(normalisedPixels(at::stack(pixels), device, dtype));
  for (std::size_t picture = 0; picture < facts.size(); ++picture)
    look.lessons.push_back(makeLesson(facts[picture], look.view.objects[picture]));
  look.packed = packer.pack(look.lessons);
  return look;
}

}  // namespace

Figures measurePictures(const StarterModel& starter, const std::vector<Sample>& samples, const LessonPacker& packer,
                        at::ScalarType dtype) {
  const at::NoGradGuard noGradients;
  std::map<std::string, Tally> tallies;
  for (std::size_t begin = 0; begin < samples.size(); begin += kBatch) {
    const Look look = lookAt(starter, samples, begin, packer, dtype);
    judge(starterAnswers(starter, &look.view, look.packed, dtype), look.packed,
          [&](std::size_t row, std::size_t question, bool right) {
            const std::string kind = kindOf(look.lessons[row][question]);
            if (kind.empty()) return;
            tallies[kind].asked += 1;
            tallies[kind].right += right ? 1 : 0;
          });
  }
  Figures figures;
  for (const auto& [kind, counted] : tallies) {
    figures[kind] = counted.right / counted.asked;
    figures[kind + "_asked"] = counted.asked;
  }
  return figures;
}

Figures measureKnowledge(const StarterModel& starter, const std::vector<QuestionAnswer>& questions, const LessonPacker& packer,
                         at::ScalarType dtype) {
  const at::NoGradGuard noGradients;
  Tally tally;
  for (std::size_t begin = 0; begin < questions.size();) {
    Lessons rows;
    for (std::size_t row = 0; row < kBatch && begin < questions.size(); ++row) {
      const std::size_t end = std::min(questions.size(), begin + kTextsARow);
      rows.emplace_back(questions.begin() + static_cast<std::ptrdiff_t>(begin),
                        questions.begin() + static_cast<std::ptrdiff_t>(end));
      begin = end;
    }
    const PackedLessons packed = packer.packTexts(rows);
    judge(starterAnswers(starter, nullptr, packed, dtype), packed, [&](std::size_t, std::size_t, bool right) {
      tally.asked += 1;
      tally.right += right ? 1 : 0;
    });
  }
  if (tally.asked == 0) return {};
  return {{"knowledge", tally.right / tally.asked}, {"knowledge_asked", tally.asked}};
}

std::vector<double> lossesOfSamples(const StarterModel& starter, const std::vector<Sample>& samples, const LessonPacker& packer,
                                    at::ScalarType dtype) {
  const at::NoGradGuard noGradients;
  std::vector<double> losses;
  for (std::size_t begin = 0; begin < samples.size(); begin += kBatch) {
    const Look look = lookAt(starter, samples, begin, packer, dtype);
    const StarterAnswers answers = starterAnswers(starter, &look.view, look.packed, dtype);
    const AnswerBatch& batch = answers.batch;
    const torch::Tensor each = at::cross_entropy_loss(batch.logits, batch.labels, {}, at::Reduction::None) * batch.weights;
    const torch::Tensor rows = answers.places.div(look.packed.ids.size(1), "floor");
    const torch::Tensor sums = at::zeros({look.packed.ids.size(0)}, each.options()).scatter_add_(0, rows, each);
    const torch::Tensor weights = at::zeros_like(sums).scatter_add_(0, rows, batch.weights);
    const torch::Tensor means = (sums / weights.clamp_min(1e-6)).to(at::kCPU);
    for (std::int64_t row = 0; row < means.size(0); ++row) losses.push_back(means[row].item<double>());
  }
  return losses;
}

}  // namespace orthoscribe::learn
