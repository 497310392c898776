// SPDX-License-Identifier: GPL-2.0-or-later
// Conversations become the same lessons whether they stand alone or share a row.
#include "core/learn/train/conversation_lessons.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <functional>

#include "core/base/error.h"
#include "core/learn/train/isolation_mask.h"
#include "core/learn/train/losses/answer_pairs.h"
#include "core/learn/train/losses/loss_list.h"
#include "tests/unit/learn_train/tiny_family.h"

namespace orthoscribe::learn {
namespace {

struct Family {
  const char* name;
  void (*write)(const std::filesystem::path& folder);
  std::size_t images;  // in the first two samples
};

std::vector<LoadedSample> samplesFor(std::size_t images) {
  std::vector<LoadedSample> samples = {
      {.where = "a:1", .conversation = talk({"What is the place?", "An airport."}, images), .images = {}},
      {.where = "a:2", .conversation = talk({"Count them", "3", "Are you sure?", "Yes, three ships."}, images), .images = {}},
      {.where = "a:3", .conversation = talk({"Which band sees water?", "Green."}), .images = {}},
      {.where = "a:4", .conversation = talk({"Go", "No"}), .images = {}}};
  for (std::size_t sample = 0; sample < 2; ++sample) {
    for (std::size_t image = 0; image < images; ++image)
      samples[sample].images.push_back(tinyPicture(16 + 8 * static_cast<int>(sample), 24, static_cast<int>(sample)));
  }
  return samples;
}

class Lessons : public testing::TestWithParam<Family> {
 protected:
  Lessons() {
    GetParam().write(folder_.path());
    model_.emplace(folder_.path(), tinyMole(), 9);
    moveAdapter(model_->adapter());
    voice_.emplace(ModelVoice::load(folder_.path(), model_->network().traits()));
    stage_.name = "tasks";
    stage_.batch = 4;
    stage_.maxTokens = 400;
    samples_ = samplesFor(GetParam().images);
  }

  AnswerBatch answer(bool packing, std::int64_t number = 0) {
    stage_.packing = packing;
    ConversationLessons lessons(*model_, *voice_, std::make_unique<GivenSamples>(samples_), stage_, 1);
    lessons.begin(number, 1);
    lessons.load(number);
    return lessons.answer();
  }

  struct Taught {
    std::map<std::string, double> losses;
    std::map<std::string, torch::Tensor> slopes;
  };
  Taught teach(bool packing) {
    const AnswerBatch batch = answer(packing);
    const RankGroup alone;
    LossMemory memory;
    const LossInput input{
        .batch = batch, .policy = labelLogProbabilities(batch), .reference = {}, .ranks = alone, .memory = memory};
    Taught taught;
    torch::Tensor sum;
    for (const char* name : {"cross_entropy", "topk_entropy", "usage_entropy", "modality_switch_balance", "router_z"}) {
      const Loss& loss = lossNamed(name);
      const torch::Tensor value = loss.compute(loss, input);
      taught.losses[name] = value.item<double>();
      sum = sum.defined() ? sum + value : value;
    }
    sum.backward();
    for (const Parameter& parameter : model_->adapter().parameters()) {
      torch::Tensor value = parameter.value;
      taught.slopes[parameter.name] = value.grad().clone();
      value.mutable_grad() = torch::Tensor();
    }
    return taught;
  }

  std::string refusal(const std::function<void()>& work) {
    try {
      work();
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

  TemporaryDirectory folder_;
  std::optional<AdaptedModel> model_;
  std::optional<ModelVoice> voice_;
  StageConfig stage_;
  std::vector<LoadedSample> samples_;
};

TEST_P(Lessons, PackedEqualsUnpacked) {
  const AnswerBatch alone = answer(false), packed = answer(true);
  EXPECT_EQ(alone.isText.size(0), 4);
  EXPECT_LT(packed.isText.size(0), 3);
  EXPECT_TRUE(at::equal(alone.labels, packed.labels));
  EXPECT_TRUE(at::equal(alone.answers, packed.answers));
  EXPECT_LT((alone.logits - packed.logits).abs().max().item<double>(), 1e-4);
  const Taught one = teach(false), other = teach(true);
  for (const auto& [name, value] : one.losses) EXPECT_NEAR(value, other.losses.at(name), 1e-5) << name;
  for (const auto& [name, slope] : one.slopes) {
    const double scale = slope.abs().max().item<double>();
    // An expert that no token chose learns nothing.
    EXPECT_TRUE(scale > 0 || name.find(".experts.") != std::string::npos) << name;
    EXPECT_LT((slope - other.slopes.at(name)).abs().max().item<double>(), 1e-4 * scale + 1e-6) << name;
  }
}

TEST_P(Lessons, ASampleDoesNotKnowItsNeighbours) {
  const AnswerBatch before = answer(true);
  samples_[2].conversation.turns[0].text = "What else?";
  samples_[2].conversation.turns[1].text = "Yellow";
  const AnswerBatch after = answer(true);
  for (const std::int64_t sample : {0, 1, 3}) {
    const auto own = [&](const AnswerBatch& batch) {
      return batch.logits.index_select(0, batch.answers.eq(sample).nonzero().squeeze(1));
    };
    EXPECT_LT((own(before) - own(after)).abs().max().item<double>(), 1e-4) << sample;
  }
}

TEST_P(Lessons, AnswersAreLearntWithTheirEnd) {
  const AnswerBatch batch = answer(false);
  const std::string end = voice_->chatTemplate->stopTexts().front();
  const std::vector<std::string> expected = {"An airport." + end, "3" + end + "Yes, three ships." + end, "Green." + end,
                                             "No" + end};
  for (std::int64_t sample = 0; sample < 4; ++sample) {
    const torch::Tensor own = batch.labels.index_select(0, batch.answers.eq(sample).nonzero().squeeze(1));
    const std::vector<std::int64_t> ids(own.const_data_ptr<std::int64_t>(), own.const_data_ptr<std::int64_t>() + own.size(0));
    EXPECT_EQ(voice_->tokenizer->decode(ids, false), expected[static_cast<std::size_t>(sample)]);
  }
  EXPECT_EQ(batch.isImage.any().item<bool>(), GetParam().images > 0);
  EXPECT_FALSE(batch.isImage.logical_and(batch.isText).any().item<bool>());
}

TEST_P(Lessons, TheModelIsAskedAsTheEngineAsksIt) {
  // What the decoder is trained on is what the network says with its cache, place by place.
  const model::AdapterConfig config = tinyMole();
  model_->write(folder_.path() / "adapter");
  const auto network = model::loadNetwork(folder_.path(), {folder_.path() / "adapter"});
  samples_ = {samples_[0]};
  stage_.batch = 1;
  const AnswerBatch batch = answer(false);
  std::vector<Message> messages = {{.role = Role::User, .text = "What is the place?", .images = samples_[0].images}};
  std::vector<std::int64_t> rowCounts;
  std::vector<torch::Tensor> rows;
  std::vector<model::ImagePlace> places;
  for (const RgbImage& image : samples_[0].images) {
    const vision::ProcessedImage seen = voice_->processor->process(image, 1);
    rowCounts.push_back(seen.tokens);
    rows.push_back(network->encodeImage(seen.pixelValues));
    places.push_back({.begin = 0, .rows = seen.tokenRows, .columns = seen.tokenColumns});
  }
  const engine::Prompt prompt = voice_->assembler().assemble(messages, rowCounts);
  std::vector<text::TokenId> ids = prompt.ids;
  for (std::int64_t token = 0; token + 1 < batch.labels.size(0); ++token) ids.push_back(batch.labels[token].item<std::int64_t>());
  torch::Tensor embeddings = network->embedTokens(at::tensor(ids, at::kLong)).clone();
  for (std::size_t image = 0; image < rows.size(); ++image) {
    places[image].begin = prompt.images[image].begin;
    embeddings.narrow(0, prompt.images[image].begin, prompt.images[image].length).copy_(rows[image]);
  }
  model::KvCache cache = network->makeCache();
  if (const torch::Tensor positions = network->positionsOf(static_cast<std::int64_t>(ids.size()), places); positions.defined())
    cache.setPositions(positions);
  const torch::Tensor logits = network->forward(embeddings, cache, false);
  const torch::Tensor asked = logits.narrow(0, static_cast<std::int64_t>(prompt.ids.size()) - 1, batch.labels.size(0));
  EXPECT_LT((asked - batch.logits.detach()).abs().max().item<double>(), 1e-4);
}

TEST_P(Lessons, PairsAreTheSameQuestionWithTwoAnswers) {
  stage_.kind = StageKind::Preference;
  stage_.batch = 2;
  samples_.resize(2);
  samples_[0].conversation.rejected = "A harbour with many ships.";
  samples_[1].conversation.rejected = "No.";
  const AnswerBatch batch = answer(true);
  ASSERT_EQ(batch.pairs.size(), 2u);
  EXPECT_EQ(batch.pairs[1], (std::pair<std::int64_t, std::int64_t>{2, 3}));
  const auto textOf = [&](std::int64_t answer) {
    const torch::Tensor own = batch.labels.index_select(0, batch.answers.eq(answer).nonzero().squeeze(1));
    const std::vector<std::int64_t> ids(own.const_data_ptr<std::int64_t>(), own.const_data_ptr<std::int64_t>() + own.size(0));
    return voice_->tokenizer->decode(ids, true);
  };
  EXPECT_EQ(textOf(1), "A harbour with many ships.");
  EXPECT_EQ(textOf(2), "Yes, three ships.");
  EXPECT_EQ(batch.weights.sum().item<double>(), batch.answers.remainder(2).eq(0).sum().item<double>());
  const AnswerBatch plain = [&] {
    stage_.kind = StageKind::Tasks;
    return answer(false);
  }();
  EXPECT_EQ(batch.isText.sum().item<std::int64_t>(), plain.isText.sum().item<std::int64_t>());
}

TEST_P(Lessons, MaxTokensCutsTheEnd) {
  stage_.batch = 1;
  samples_ = {samples_[3]};
  const std::int64_t whole = answer(false).isText.size(1);
  stage_.maxTokens = whole - 2;
  EXPECT_EQ(answer(false).labels.size(0), 1);
  if (GetParam().images == 0) return;
  samples_ = samplesFor(GetParam().images);
  stage_.maxTokens = 20;
  const std::string message = refusal([&] { answer(false); });
  EXPECT_NE(message.find("a:1"), std::string::npos) << message;
  EXPECT_NE(message.find("max_tokens"), std::string::npos) << message;
}

TEST_P(Lessons, ABadSampleIsReplacedTheSameWayEveryTime) {
  samples_[1].where = "bad";
  EXPECT_EQ(answer(false).answerCount, 3);
  for (LoadedSample& sample : samples_) sample.where = "bad";
  EXPECT_NE(refusal([&] { answer(false); }).find("no sample that can be used"), std::string::npos);
  samples_ = samplesFor(0);
  stage_.kind = StageKind::Preference;
  EXPECT_NE(refusal([&] { answer(false); }).find("no sample with a rejected answer"), std::string::npos);
}

TEST_P(Lessons, DropoutFollowsFromTheNumber) {
  model::AdapterConfig config = tinyMole();
  config.dropout = 0.5;
  model_.emplace(folder_.path(), config, 9);
  moveAdapter(model_->adapter());
  const torch::Tensor first = answer(false, 0).logits, again = answer(false, 0).logits, later = answer(false, 1).logits;
  EXPECT_TRUE(at::equal(first, again));
  EXPECT_FALSE(at::equal(first, later));
  const at::NoGradGuard noGradients;
  EXPECT_TRUE(at::equal(answer(false, 0).logits, answer(false, 1).logits));
}

TEST_P(Lessons, ABaseOfHalfThePrecisionIsTrainedInFull) {
  model_.emplace(folder_.path(), tinyMole(), 9, torch::kCPU, torch::kBFloat16);
  moveAdapter(model_->adapter());
  const AnswerBatch batch = answer(true);
  (-labelLogProbabilities(batch)).mean().backward();
  for (const Parameter& parameter : model_->adapter().parameters()) {
    EXPECT_EQ(parameter.value.scalar_type(), torch::kFloat32);
    EXPECT_TRUE(parameter.value.grad().isfinite().all().item<bool>()) << parameter.name;
    const bool learns = parameter.value.grad().abs().max().item<double>() > 0;
    EXPECT_TRUE(learns || parameter.name.find(".experts.") != std::string::npos) << parameter.name;
  }
}

INSTANTIATE_TEST_SUITE_P(Families, Lessons,
                         testing::Values(Family{"llama", writeTinyLlama, 0}, Family{"qwen_vl", writeTinyQwenVl, 1}),
                         [](const auto& family) { return std::string(family.param.name); });

TEST(IsolationMask, KeepsThePiecesOfARowApart) {
  const std::vector<std::int64_t> lengths = {2, 3};
  const torch::Tensor mask = isolationMask(packWindow(lengths, 6), 2)[0][0];
  // The third token of the longer one no longer sees its first.
  const torch::Tensor expected =
      at::tensor({1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1}, at::kLong)
          .view({5, 5})
          .to(at::kBool);
  EXPECT_TRUE(at::equal(mask, expected)) << mask;
}

TEST(IsolationMask, NoTokenLooksNowhere) {
  const std::vector<std::int64_t> lengths = {4, 2, 1};
  const torch::Tensor mask = isolationMask(packWindow(lengths, 4), 0);
  EXPECT_EQ(mask.sizes(), (std::vector<std::int64_t>{2, 1, 4, 4}));
  EXPECT_TRUE(mask.any(-1).all().item<bool>()) << mask;
}

}  // namespace
}  // namespace orthoscribe::learn
