// SPDX-License-Identifier: GPL-2.0-or-later
// How long a step of the starter's training takes, on made-up data of the real shapes: forward, losses, backward and AdamW.
// train_step_beside_torch.py runs it in turns with the same model in PyTorch.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <benchmark/benchmark.h>

#include <charconv>
#include <string>
#include <string_view>
#include <vector>

#include "core/cli/blas_threads.h"
#include "core/learn/data/decoder_views.h"
#include "core/learn/data/object_targets.h"
#include "core/learn/data/tower_batch.h"
#include "core/learn/train/losses/modality_balance.h"
#include "core/learn/train/optimizer.h"
#include "core/learn/train/packed_lessons.h"
#include "core/learn/train/stage_parts.h"
#include "core/learn/train/starter_answers.h"
#include "core/learn/train/starter_model.h"
#include "core/learn/train/tower_loss.h"

namespace orthoscribe::learn {
namespace {

constexpr std::int64_t kVocabulary = 3072;
constexpr std::int64_t kHead = 4;       // tokens before the image
constexpr std::int64_t kQuestions = 9;  // a picture
constexpr std::int64_t kAsked = 14;     // tokens of a question
constexpr std::int64_t kAnswered = 10;

StarterShape starterShape() {
  StarterShape shape;
  shape.decoder.vocabulary = kVocabulary;
  return shape;
}

// Rows as LessonPacker makes them: the image once, then questions that do not see each other.
PackedLessons madeUpLessons(std::int64_t batch, std::int64_t imageRows) {
  const std::int64_t before = kHead + imageRows + 1;
  const std::int64_t length = before + kQuestions * (kAsked + kAnswered);
  PackedLessons lessons;
  lessons.imageBegin = kHead;
  lessons.imageRows = imageRows;
  lessons.ids = at::randint(300, kVocabulary, {batch, length}, at::kLong);
  lessons.labels = at::full({batch, length}, -100, at::kLong);
  lessons.weights = at::zeros({batch, length});
  lessons.questions = at::zeros({batch, length}, at::kLong);
  lessons.positions = at::arange(length, at::kLong).expand({batch, length}).clone();
  for (std::int64_t question = 0; question < kQuestions; ++question) {
    const std::int64_t begin = before + question * (kAsked + kAnswered);
    lessons.questions.narrow(1, begin, kAsked + kAnswered).fill_(question + 1);
    lessons.positions.narrow(1, begin, kAsked + kAnswered).copy_(at::arange(before, before + kAsked + kAnswered, at::kLong));
    lessons.labels.narrow(1, begin + kAsked, kAnswered).copy_(at::randint(300, kVocabulary, {batch, kAnswered}, at::kLong));
    lessons.weights.narrow(1, begin + kAsked, kAnswered).fill_(0.3);
  }
  return lessons;
}

// What a stage of the decoder does with a batch of pictures, the tower's frozen look at them included.
void decoderStep(benchmark::State& state, std::int64_t batch) {
  StarterModel starter(starterShape(), 1, torch::kCPU);
  StageConfig stage;
  stage.trains = {"model.", "projector.", "copy.", "experts", "routers"};
  chooseTrained(starter.store(), stage);
  Optimizer optimizer(starter.store(), {});
  const model::StarterVisionConfig& vision = starter.shape().vision;
  const torch::Tensor pixels = at::randn({batch, 3, vision.sidePx, vision.sidePx}).to(at::kBFloat16);
  const PackedLessons lessons = madeUpLessons(batch, vision.imageTokens());
  Random random(7);
  for (auto _ : state) {
    model::StarterView view = starter.vision().look(pixels);
    for (auto& objects : view.objects) objects = drawObjects(vision.proposals, static_cast<int>(vision.sidePx), random);
    const AnswerBatch answers = starterAnswers(starter, &view, lessons, at::kBFloat16).batch;
    const torch::Tensor each = at::cross_entropy_loss(answers.logits, answers.labels, {}, at::Reduction::None);
    const torch::Tensor loss = (each * answers.weights).sum() / answers.weights.sum() +
                               modalityBalanceLoss(answers.routings, answers.isImage, answers.isText);
    loss.backward();
    benchmark::DoNotOptimize(optimizer.step(1));
  }
  state.SetItemsProcessed(state.iterations() * batch);
  state.counters["parameters"] = static_cast<double>(starter.store().count());
}

TowerBatch madeUpTowerBatch(std::int64_t batch, const model::StarterVisionConfig& vision) {
  const std::int64_t cells = vision.sidePx / vision.proposals.cellPx;
  const model::ConvTowerConfig& tower = vision.tower;
  const auto plane = [&](std::int64_t channels) { return at::rand({batch, channels, cells, cells}); };
  TowerBatch made;
  made.pixels = at::randint(0, 256, {batch, vision.sidePx, vision.sidePx, 3}, at::kByte);
  made.scene = at::one_hot(at::randint(0, tower.scenes, {batch}, at::kLong), tower.scenes).to(at::kFloat);
  made.attributes = at::randint(-1, 2, {batch, tower.attributes}).to(at::kFloat);
  made.heat = at::where(plane(tower.objectClasses).gt(0.999), 1.0F, 0.1F);
  made.heatWeight = at::ones_like(made.heat);
  made.geometry = plane(6);
  made.geometryWeight = plane(1).gt(0.99).to(at::kFloat);
  made.angleWeight = made.geometryWeight;
  return made;
}

void towerStep(benchmark::State& state, std::int64_t batch) {
  StarterModel starter(starterShape(), 1, torch::kCPU);
  starter.store().trainOnly([](std::string_view name) { return name.starts_with("tower.") && !isRunningStatistic(name); });
  Optimizer optimizer(starter.store(), {});
  const TowerBatch made = madeUpTowerBatch(batch, starter.shape().vision);
  for (auto _ : state) {
    const torch::Tensor pixels = normalisedPixels(made.pixels, torch::kCPU, at::kBFloat16);
    towerLoss(starter.vision().tower().forward(pixels, true), made).total.backward();
    benchmark::DoNotOptimize(optimizer.step(1));
  }
  state.SetItemsProcessed(state.iterations() * batch);
  state.counters["parameters"] = static_cast<double>(starter.store().count());
}

// Takes "--name=12" out of the arguments.
std::int64_t takeNumber(std::vector<char*>& arguments, std::string_view name, std::int64_t otherwise) {
  std::int64_t value = otherwise;
  const std::string begin = "--" + std::string(name) + "=";
  std::erase_if(arguments, [&](const char* argument) {
    const std::string_view text = argument;
    if (!text.starts_with(begin)) return false;
    std::from_chars(text.data() + begin.size(), text.data() + text.size(), value);
    return true;
  });
  return value;
}

}  // namespace
}  // namespace orthoscribe::learn

int main(int argc, char** argv) {
  using namespace orthoscribe::learn;
  orthoscribe::cli::calmBlasThreads(argv);
  std::vector<char*> arguments(argv, argv + argc);
  const std::int64_t batch = takeNumber(arguments, "batch", 12);
  if (const std::int64_t threads = takeNumber(arguments, "threads", 0); threads > 0)
    at::set_num_threads(static_cast<int>(threads));
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());
  if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return 1;
  benchmark::RegisterBenchmark("decoder", decoderStep, batch)->Unit(benchmark::kMillisecond)->UseRealTime();
  benchmark::RegisterBenchmark("tower", towerStep, batch)->Unit(benchmark::kMillisecond)->UseRealTime();
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
