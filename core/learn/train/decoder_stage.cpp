// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/decoder_stage.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <memory>
#include <optional>

#include "core/learn/data/object_targets.h"
#include "core/learn/data/prefetch.h"
#include "core/learn/train/lesson.h"
#include "core/learn/train/losses/modality_balance.h"

namespace orthoscribe::learn {
namespace {

constexpr std::int64_t kMaxTextTokens = 224;
constexpr std::int64_t kMaxHeldOutTextTokens = 640;

struct Answers {
  torch::Tensor logits;   // float32 [answer tokens, vocabulary]
  torch::Tensor labels;   // int64 [answer tokens]
  torch::Tensor weights;  // float32 [answer tokens]
  torch::Tensor places;   // int64 [answer tokens], flat index into [N, S]
  torch::Tensor balance;  // scalar
};

Answers answersOf(const StarterModel& starter, const model::StarterView& view, const PackedLessons& lessons,
                  at::ScalarType dtype) {
  const torch::Device device = view.grid.device();
  const torch::Tensor ids = lessons.ids.to(device);
  const torch::Tensor image = starter.vision().project(view, dtype).to(at::kFloat);
  const torch::Tensor words = starter.decoder().embed(ids);
  const std::int64_t after = lessons.imageBegin + lessons.imageRows;
  const torch::Tensor embeddings =
      at::cat({words.narrow(1, 0, lessons.imageBegin), image, words.narrow(1, after, ids.size(1) - after)}, 1);
  const DecoderOutput output =
      starter.decoder().forward(embeddings, lessons.positions.to(device), lessons.mask().to(device), dtype);
  const torch::Tensor counted = model::numbersSinceAnswer(starter.copying().tokenFlags(ids));
  const torch::Tensor copied = starter.copying().forward(output.hidden, starter.vision().describe(view), counted);
  const torch::Tensor hidden = output.hidden + copied;
  Answers answers;
  const torch::Tensor labels = lessons.labels.to(device).flatten();
  answers.places = labels.ge(0).nonzero().squeeze(1);
  answers.labels = labels.index_select(0, answers.places);
  answers.weights = lessons.weights.to(device).flatten().index_select(0, answers.places);
  answers.logits = starter.decoder().logits(hidden.flatten(0, 1).index_select(0, answers.places));
  const torch::Tensor order = at::arange(ids.size(1), ids.options()).unsqueeze(0);
  const torch::Tensor isImage = order.ge(lessons.imageBegin).logical_and(order.lt(after)).expand_as(ids);
  const torch::Tensor isText = lessons.questions.to(device).ge(0).logical_and(isImage.logical_not());
  answers.balance = modalityBalanceLoss(output.routings, isImage, isText);
  return answers;
}

std::vector<std::vector<QuestionAnswer>> lessonsFor(const DecoderViews& views, model::StarterView& view,
                                                    const model::StarterVisionConfig& config) {
  std::vector<std::vector<QuestionAnswer>> lessons;
  for (std::size_t picture = 0; picture < views.facts.size(); ++picture) {
    const ViewFacts& facts = views.facts[picture];
    if (facts.drawnObjects) {
      Random random(facts.seed + 1);
      view.objects[picture] = drawObjects(config.proposals, static_cast<int>(config.sidePx), random);
    }
    lessons.push_back(makeLesson(facts, view.objects[picture]));
  }
  return lessons;
}

// What kind of question an answer belongs to, for the table of held-out figures.
std::string kindOf(const QuestionAnswer& pair) {
  if (pair.question.starts_with("Detect") || pair.question.starts_with("Find") || pair.question.starts_with("Where") ||
      pair.question.starts_with("Locate")) {
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

void tally(const Answers& answers, const PackedLessons& lessons, const std::vector<std::vector<QuestionAnswer>>& asked,
           std::map<std::string, Tally>& tallies) {
  const torch::Tensor right = answers.logits.argmax(1).eq(answers.labels).to(at::kCPU, at::kByte);
  const torch::Tensor places = answers.places.to(at::kCPU);
  const torch::Tensor questions = lessons.questions.flatten();
  const std::int64_t length = lessons.ids.size(1);
  std::map<std::pair<std::int64_t, std::int64_t>, bool> whole;
  for (std::int64_t token = 0; token < places.size(0); ++token) {
    const std::int64_t place = places[token].item<std::int64_t>();
    const auto key = std::pair(place / length, questions[place].item<std::int64_t>());
    whole.try_emplace(key, true).first->second &= right[token].item<std::uint8_t>() != 0;
  }
  for (const auto& [key, correct] : whole) {
    const std::string kind = kindOf(asked[static_cast<std::size_t>(key.first)][static_cast<std::size_t>(key.second - 1)]);
    if (kind.empty()) continue;
    tallies[kind].asked += 1;
    tallies[kind].right += correct ? 1 : 0;
  }
}

}  // namespace

DecoderLoss decoderLoss(const StarterModel& starter, const model::StarterView& view, const PackedLessons& lessons,
                        at::ScalarType dtype) {
  const Answers answers = answersOf(starter, view, lessons, dtype);
  const torch::Tensor each = at::cross_entropy_loss(answers.logits, answers.labels, {}, at::Reduction::None);
  const torch::Tensor answer = (each * answers.weights).sum() / answers.weights.sum().clamp_min(1e-6);
  DecoderLoss loss;
  loss.total = answer + answers.balance;
  loss.answer = answer.item<double>();
  loss.balance = answers.balance.item<double>();
  loss.rightTokens = answers.logits.detach().argmax(1).eq(answers.labels).to(at::kFloat).mean().item<double>();
  return loss;
}

Figures measureDecoder(const StarterModel& starter, const std::vector<Sample>& samples, const LessonPacker& packer,
                       const StageOptions& options) {
  const at::NoGradGuard noGradients;
  const auto side = static_cast<int>(starter.shape().vision.sidePx);
  std::map<std::string, Tally> tallies;
  for (std::size_t begin = 0; begin < samples.size(); begin += static_cast<std::size_t>(options.batch)) {
    DecoderViews views;
    std::vector<torch::Tensor> pixels;
    for (std::size_t index = begin; index < std::min(samples.size(), begin + static_cast<std::size_t>(options.batch)); ++index) {
      View view = takeView(samples[index], plainView(samples[index], side), side);
      pixels.push_back(pixelTensor(view.image));
      views.facts.push_back(
          {.sample = &samples[index], .boxes = view.boxes, .upright = true, .drawnObjects = false, .seed = index});
    }
    model::StarterView seen = starter.vision().look(normalisedPixels(at::stack(pixels), options.device, options.dtype));
    const auto asked = lessonsFor(views, seen, starter.shape().vision);
    const PackedLessons packed = packer.pack(asked);
    tally(answersOf(starter, seen, packed, options.dtype), packed, asked, tallies);
  }
  Figures figures;
  for (const auto& [kind, counted] : tallies) {
    figures[kind] = counted.right / counted.asked;
    figures[kind + "_asked"] = counted.asked;
  }
  return figures;
}

LoopResult trainDecoder(StarterModel& starter, const Survey& survey, const text::Tokenizer& tokenizer,
                        const StageOptions& options, const std::function<void(const std::string&)>& report,
                        const ProgressCallback& progress, const CancelToken& cancel) {
  const auto chatTemplate = text::chatTemplateNamed("starter");
  const LessonPacker packer(tokenizer, *chatTemplate, starter.shape().vision.imageTokens(), kMaxTextTokens);
  const LessonPacker longPacker(tokenizer, *chatTemplate, starter.shape().vision.imageTokens(), kMaxHeldOutTextTokens);
  starter.store().setTrained("tower.", false);
  Optimizer optimizer(starter.store(), options.optimizer);
  DecoderViewOptions viewOptions;
  viewOptions.batch = options.batch;
  viewOptions.side = static_cast<int>(starter.shape().vision.sidePx);
  const DecoderViewMaker maker(survey.train, viewOptions, options.seed);
  std::optional<Prefetch<DecoderViews>> prefetch;

  LoopHooks hooks;
  hooks.begin = [&](std::int64_t first, const RunClock&) {
    prefetch.emplace([&maker](std::int64_t number) { return maker.make(number); }, first);
  };
  hooks.microBatch = [&](std::int64_t, double share) -> Figures {
    const DecoderViews views = prefetch->next();
    model::StarterView seen = starter.vision().look(normalisedPixels(views.pixels, options.device, options.dtype));
    const PackedLessons packed = packer.pack(lessonsFor(views, seen, starter.shape().vision));
    const DecoderLoss loss = decoderLoss(starter, seen, packed, options.dtype);
    (loss.total * share).backward();
    return {{"loss", loss.answer},
            {"balance", loss.balance},
            {"right", loss.rightTokens},
            {"length", static_cast<double>(packed.ids.size(1))}};
  };
  hooks.evaluate = [&] { return measureDecoder(starter, survey.heldOut, longPacker, options); };
  hooks.report = report;
  hooks.progress = progress;
  return runLoop(starter.store(), optimizer, options.loop, hooks, cancel);
}

}  // namespace orthoscribe::learn
