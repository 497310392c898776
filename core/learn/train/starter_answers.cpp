// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/starter_answers.h"

#include <ATen/ATen.h>

#include <utility>

namespace orthoscribe::learn {
namespace {

torch::Tensor embeddingsOf(const StarterModel& starter, const model::StarterView* view, const PackedLessons& lessons,
                           const torch::Tensor& ids, at::ScalarType dtype) {
  const torch::Tensor words = starter.decoder().embed(ids);
  if (!view) return words;
  const torch::Tensor image = starter.vision().project(*view, dtype).to(at::kFloat);
  const std::int64_t after = lessons.imageBegin + lessons.imageRows;
  return at::cat({words.narrow(1, 0, lessons.imageBegin), image, words.narrow(1, after, ids.size(1) - after)}, 1);
}

torch::Tensor objectsOf(const StarterModel& starter, const model::StarterView* view, const torch::Tensor& ids) {
  if (view) return starter.vision().describe(*view);
  const std::int64_t features = model::objectFeatureCount(starter.shape().vision.tower.objectClasses);
  return at::zeros({ids.size(0), 1, features}, ids.options().dtype(at::kFloat));
}

// [N, S] question numbers -> for the tokens at `places` the number of their answer among all, rising.
std::pair<torch::Tensor, std::int64_t> numberAnswers(const torch::Tensor& questions, const torch::Tensor& places) {
  const std::int64_t length = questions.size(1);
  const torch::Tensor keys = places.div(length, "floor") * (length + 1) + questions.flatten().index_select(0, places);
  const auto [unique, inverse, counts] = at::unique_consecutive(keys, /*return_inverse=*/true);
  return {inverse, unique.size(0)};
}

torch::Tensor flatRows(const torch::Tensor& value) {
  return value.flatten(0, 1).unsqueeze(0);
}

}  // namespace

StarterAnswers starterAnswers(const StarterModel& starter, const model::StarterView* view, const PackedLessons& lessons,
                              at::ScalarType dtype) {
  const torch::Device device = starter.store().parameters().front().value.device();
  const torch::Tensor ids = lessons.ids.to(device);
  const std::int64_t prefix = view ? lessons.imageBegin + lessons.imageRows : 0;
  DecoderOutput output = starter.decoder().forward(embeddingsOf(starter, view, lessons, ids, dtype), lessons.positions.to(device),
                                                   lessons.mask().to(device), dtype, prefix);
  const torch::Tensor counted = model::numbersSinceAnswer(starter.copying().tokenFlags(ids));
  const torch::Tensor hidden = output.hidden + starter.copying().forward(output.hidden, objectsOf(starter, view, ids), counted);
  StarterAnswers answers;
  AnswerBatch& batch = answers.batch;
  const torch::Tensor labels = lessons.labels.to(device).flatten();
  answers.places = labels.ge(0).nonzero().squeeze(1);
  batch.labels = labels.index_select(0, answers.places);
  batch.weights = lessons.weights.to(device).flatten().index_select(0, answers.places);
  batch.logits = starter.decoder().logits(hidden.flatten(0, 1).index_select(0, answers.places));
  const torch::Tensor questions = lessons.questions.to(device);
  std::tie(batch.answers, batch.answerCount) = numberAnswers(questions, answers.places);
  const torch::Tensor order = at::arange(ids.size(1), ids.options()).unsqueeze(0);
  const std::int64_t after = lessons.imageBegin + lessons.imageRows;
  batch.isImage = order.ge(lessons.imageBegin).logical_and(order.lt(after)).expand_as(ids);
  batch.isText = questions.ge(0).logical_and(batch.isImage.logical_not());
  batch.routings = std::move(output.routings);
  return answers;
}

AnswerBatch joined(AnswerBatch first, AnswerBatch second) {
  AnswerBatch both;
  both.logits = at::cat({first.logits, second.logits}, 0);
  both.labels = at::cat({first.labels, second.labels}, 0);
  both.weights = at::cat({first.weights, second.weights}, 0);
  both.answers = at::cat({first.answers, second.answers + first.answerCount}, 0);
  both.answerCount = first.answerCount + second.answerCount;
  both.pairs = std::move(first.pairs);
  for (const auto& [chosen, rejected] : second.pairs)
    both.pairs.emplace_back(chosen + first.answerCount, rejected + first.answerCount);
  for (std::size_t layer = 0; layer < first.routings.size(); ++layer) {
    const auto join = [&](torch::Tensor model::Routing::* part) {
      return at::cat({flatRows(first.routings[layer].*part), flatRows(second.routings[layer].*part)}, 1);
    };
    both.routings.push_back({join(&model::Routing::logits), join(&model::Routing::probs), join(&model::Routing::experts),
                             join(&model::Routing::weights), join(&model::Routing::gates)});
  }
  both.isImage = at::cat({flatRows(first.isImage), flatRows(second.isImage)}, 1);
  both.isText = at::cat({flatRows(first.isText), flatRows(second.isText)}, 1);
  return both;
}

}  // namespace orthoscribe::learn
