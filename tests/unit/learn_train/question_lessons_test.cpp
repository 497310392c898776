// SPDX-License-Identifier: GPL-2.0-or-later
// Models that hear the question before anything is computed: pictures that are looked at by it (InstructBLIP), and routers that
// go by the instruction. They are taught what the engine asks them.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/engine/sequence.h"
#include "core/learn/train/losses/answer_pairs.h"
#include "core/learn/train/losses/loss_list.h"
#include "tests/unit/learn_train/tiny_family.h"

namespace orthoscribe::learn {
namespace {

struct Kind {
  const char* name;
  void (*write)(const std::filesystem::path& folder);
  std::size_t images;
  model::RouterInput router;
};

model::AdapterConfig moleGoingBy(model::RouterInput router) {
  model::AdapterConfig config = tinyMole();
  config.routerInput = router;
  if (router != model::RouterInput::Layer) config.routerScope = model::RouterScope::Block;
  return config;
}

class QuestionLessons : public testing::TestWithParam<Kind> {
 protected:
  QuestionLessons() {
    GetParam().write(folder_.path());
    model_.emplace(folder_.path(), moleGoingBy(GetParam().router), 9);
    moveAdapter(model_->adapter());
    voice_.emplace(ModelVoice::load(folder_.path(), model_->network().traits()));
    stage_.name = "tasks";
    stage_.batch = 2;
    stage_.maxTokens = 400;
    const std::size_t images = GetParam().images;
    samples_ = {
        {.where = "a:1", .conversation = talk({"What is it?", "An airport.", "How many ships?", "3"}, images), .images = {}},
        {.where = "a:2", .conversation = talk({"Which band sees water?", "Green."}), .images = {}}};
    if (images > 0) samples_[0].images = {tinyPicture(16, 24, 3)};
  }

  AnswerBatch answer(bool packing = false) {
    stage_.packing = packing;
    ConversationLessons lessons(*model_, *voice_, std::make_unique<GivenSamples>(samples_), stage_, 1);
    lessons.begin(0, 1);
    lessons.load(0);
    return lessons.answer();
  }

  static torch::Tensor ofAnswer(const torch::Tensor& values, const AnswerBatch& batch, std::int64_t answer) {
    return values.index_select(0, batch.answers.eq(answer).nonzero().squeeze(1));
  }

  // What the engine's sequence says at each token of the answer to the last of the messages.
  torch::Tensor saidByTheEngine(const model::Network& network, const std::vector<Message>& messages, const torch::Tensor& labels,
                                const std::string& looked) const {
    std::vector<std::int64_t> counts;
    engine::SequenceInput input;
    for (const Message& message : messages) {
      for (const RgbImage& image : message.images) {
        const vision::ProcessedImage seen = voice_->processor->process(image, 1);
        counts.push_back(seen.tokens);
        input.images.push_back({.span = {},
                                .hash = "one",
                                .rows = network.encodeImageFor(seen.pixelValues, voice_->questionOf(looked)),
                                .gridRows = seen.tokenRows,
                                .gridColumns = seen.tokenColumns});
      }
    }
    const engine::Prompt prompt = voice_->assembler().assemble(messages, counts);
    input.ids = prompt.ids;
    for (std::size_t image = 0; image < input.images.size(); ++image) input.images[image].span = prompt.images[image];
    engine::CachedSequence sequence(network);
    std::vector<torch::Tensor> said = {sequence.start(input, {})};
    for (std::int64_t token = 0; token + 1 < labels.size(0); ++token)
      said.push_back(sequence.append(labels[token].item<std::int64_t>(), {}));
    return at::stack(said);
  }

  TemporaryDirectory folder_;
  std::optional<AdaptedModel> model_;
  std::optional<ModelVoice> voice_;
  StageConfig stage_;
  std::vector<LoadedSample> samples_;
};

TEST_P(QuestionLessons, AreAskedAsTheEngineAsks) {
  const AnswerBatch batch = answer();
  ASSERT_EQ(batch.answerCount, 3) << "each answer has a sequence of its own";
  model_->write(folder_.path() / "adapter");
  const auto network = model::loadNetwork(folder_.path(), {folder_.path() / "adapter"});
  const std::vector<RgbImage>& images = samples_[0].images;
  std::vector<Message> second = {{.role = Role::User, .text = "What is it?", .images = images},
                                 {.role = Role::Assistant, .text = "An airport.", .images = {}},
                                 {.role = Role::User, .text = "How many ships?", .images = {}}};
  if (!writesAnswers(*voice_)) second = {{.role = Role::User, .text = "How many ships?", .images = images}};
  const std::vector<std::vector<Message>> asked = {{{.role = Role::User, .text = "What is it?", .images = images}},
                                                   second,
                                                   {{.role = Role::User, .text = "Which band sees water?", .images = {}}}};
  for (std::int64_t number = 0; number < 3; ++number) {
    const std::vector<Message>& messages = asked[static_cast<std::size_t>(number)];
    const torch::Tensor labels = ofAnswer(batch.labels, batch, number);
    const torch::Tensor said = saidByTheEngine(*network, messages, labels, voice_->assembler().render(messages));
    const torch::Tensor taught = ofAnswer(batch.logits, batch, number).detach();
    ASSERT_EQ(taught.sizes(), said.sizes());
    const auto apart = (taught - said).abs().max().item<double>();
    EXPECT_LT(apart, 1e-4) << number;
    if (!network->traits().readsQuestion || messages.front().images.empty()) continue;
    // It is by the question that the picture is looked at, however little it shows in random weights.
    const torch::Tensor other = saidByTheEngine(*network, messages, labels, "Something else?");
    EXPECT_GT((taught - other).abs().max().item<double>(), 10 * apart) << number;
    EXPECT_GT((taught - other).abs().max().item<double>(), 1e-5) << number;
  }
}

TEST_P(QuestionLessons, AreTheSamePackedAndEndTheirAnswers) {
  const AnswerBatch alone = answer(false), packed = answer(true);
  EXPECT_LT(packed.isText.size(0), alone.isText.size(0));
  EXPECT_LT((alone.logits - packed.logits).abs().max().item<double>(), 1e-4);
  const std::string end = voice_->chatTemplate->stopTexts().front();
  const std::vector<std::string> expected = {"An airport." + end, "3" + end, "Green." + end};
  for (std::int64_t number = 0; number < 3; ++number) {
    const torch::Tensor own = ofAnswer(alone.labels, alone, number);
    const std::vector<std::int64_t> ids(own.const_data_ptr<std::int64_t>(), own.const_data_ptr<std::int64_t>() + own.size(0));
    EXPECT_EQ(voice_->tokenizer->decode(ids, false), expected[static_cast<std::size_t>(number)]);
  }
  const RankGroup none;
  for (const char* name : {"cross_entropy", "topk_entropy", "usage_entropy", "switch_balance"}) {
    std::vector<double> values;
    for (const AnswerBatch* batch : {&alone, &packed}) {
      LossMemory memory;
      const LossInput input{
          .batch = *batch, .policy = labelLogProbabilities(*batch), .reference = {}, .ranks = none, .memory = memory};
      values.push_back(lossNamed(name).compute(lossNamed(name), input).item<double>());
    }
    EXPECT_NEAR(values[0], values[1], 1e-5) << name;
  }
}

TEST_P(QuestionLessons, TeachTheAdapter) {
  (-labelLogProbabilities(answer())).mean().backward();
  double routers = 0, updates = 0;
  for (const Parameter& parameter : model_->adapter().parameters()) {
    if (!parameter.value.grad().defined()) continue;
    const auto slope = parameter.value.grad().abs().max().item<double>();
    (parameter.name.ends_with("router.weight") ? routers : updates) += slope;
  }
  EXPECT_GT(routers, 0);
  EXPECT_GT(updates, 0);
}

TEST_P(QuestionLessons, PairsAreOfTheLastAnswer) {
  stage_.kind = StageKind::Preference;
  samples_.resize(1);
  samples_[0].conversation.rejected = "None at all";
  const AnswerBatch batch = answer();
  ASSERT_EQ(batch.answerCount, 4) << "two slots of the one sample";
  ASSERT_EQ(batch.pairs.size(), 2U);
  EXPECT_EQ(batch.weights.sum().item<double>(), 2.0 * ofAnswer(batch.labels, batch, 0).size(0));
}

INSTANTIATE_TEST_SUITE_P(Kinds, QuestionLessons,
                         testing::Values(Kind{"llama_by_instruction", writeTinyLlama, 0, model::RouterInput::Instruction},
                                         Kind{"qwen_vl_by_instruction", writeTinyQwenVl, 1, model::RouterInput::Instruction},
                                         Kind{"instructblip", writeTinyInstructBlip, 1, model::RouterInput::Layer},
                                         Kind{"instructblip_by_instruction", writeTinyInstructBlip, 1,
                                              model::RouterInput::Instruction}),
                         [](const auto& kind) { return std::string(kind.param.name); });

}  // namespace
}  // namespace orthoscribe::learn
