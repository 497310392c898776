// SPDX-License-Identifier: GPL-2.0-or-later
// Experts for aspects in training: they begin as one, learn apart, and answer as they were trained.
#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "core/base/error.h"
#include "core/base/image_codec.h"
#include "core/engine/local_model.h"
#include "core/learn/aspects/aspect_lessons.h"
#include "core/learn/train/optimizer.h"
#include "core/model/adapters/merge.h"
#include "tests/unit/learn_aspects/tiny_speaker.h"
#include "tests/unit/model/expect_error.h"

namespace orthoscribe::learn {
namespace {

OptimizerOptions plainOptimizer(double learningRate) {
  OptimizerOptions options;
  options.learningRate = learningRate;
  options.weightDecay = 0;
  options.averageDecay = 0;
  return options;
}

namespace fs = std::filesystem;

class AspectTraining : public testing::Test {
 protected:
  // B of every expert whose name begins so, away from zero.
  void move(const std::string& prefix, double size = 0.1) { moveIn(model_, prefix, size); }
  static void moveIn(AspectModel& model, const std::string& prefix, double size) {
    const at::NoGradGuard noGradients;
    std::uint64_t seed = 50;
    for (const Parameter& parameter : model.store().parameters()) {
      if (!parameter.name.starts_with(prefix) || !parameter.name.ends_with("lora_B.weight")) continue;
      torch::Tensor value = parameter.value;
      value.copy_(model::seededRandom(value.sizes(), ++seed) * size);
    }
  }

  // [S, vocabulary] of a text through one expert, as training sees it.
  torch::Tensor logitsOf(const std::vector<std::int64_t>& ids, std::int64_t expert) const {
    const at::NoGradGuard noGradients;
    const auto count = static_cast<std::int64_t>(ids.size());
    const model::ExpertRows one{.count = count, .expert = expert};
    const model::RowExperts rows({&one, 1}, at::kCPU);
    const torch::Tensor embedded = model_.decoder().embed(at::tensor(ids, at::kLong)).unsqueeze(0);
    const torch::Tensor hidden =
        model_.decoder().forward(embedded, at::arange(count, at::kLong), std::nullopt, nullptr, {}, &rows);
    return model_.decoder().logits(hidden)[0];
  }

  static std::vector<Conversation> lessons() {
    return {lesson("a", "theme", "What is it?", "A port."),
            lesson("b", "objects", "What is in it?", "Five ships."),
            lesson("c", "relationships", "Where?", "They lie along the pier."),
            lesson("d", "router", "Aspect: objects\nInstruction:", "Describe the ships."),
            lesson("e", "fusion", "Notes.\nCaption:", "A port with five ships."),
            lesson("f", "theme", "What is shown?", "An airport with grass."),
            lesson("g", "", "Describe this image.", "A port with five ships.")};
  }

  static torch::Tensor crossEntropy(const AnswerBatch& batch) {
    const torch::Tensor likely = at::log_softmax(batch.logits, 1).gather(1, batch.labels.unsqueeze(1)).squeeze(1);
    return -(likely * batch.weights).sum() / batch.weights.sum();
  }

  TemporaryDirectory folder_;
  fs::path base_ = writeTinySpeaker(folder_.path() / "speaker");
  AspectModel model_{base_, {}, 5};
  std::vector<std::int64_t> ids_ = {10, 20, 30, 40, 50};
};

TEST_F(AspectTraining, ExpertsBeginAsTheDenseOneBitForBit) {
  EXPECT_TRUE(model_.expertsAreFresh());
  EXPECT_TRUE(at::equal(logitsOf(ids_, 2), logitsOf(ids_, -1))) << "a fresh expert changes something";
  move("dense.");
  EXPECT_GT((logitsOf(ids_, AspectModel::kDense) - logitsOf(ids_, -1)).abs().max().item<double>(), 1e-3);
  model_.copyDenseToExperts();
  EXPECT_FALSE(model_.expertsAreFresh());
  const torch::Tensor dense = logitsOf(ids_, AspectModel::kDense);
  for (std::int64_t expert = 0; expert < kAspectExperts; ++expert)
    EXPECT_TRUE(at::equal(logitsOf(ids_, expert), dense)) << expert;
}

TEST_F(AspectTraining, AStepOnOneExpertsRowsLeavesTheOthersAlone) {
  model_.copyDenseToExperts();
  AspectLessons stream(model_, {lesson("a", "theme", "What is it?", "A port.")}, {.batch = 4});
  stream.load(0);
  crossEntropy(stream.answer()).backward();
  std::map<std::string, torch::Tensor> before;
  for (const Parameter& parameter : model_.store().parameters()) before[parameter.name] = parameter.value.detach().clone();
  {
    const at::NoGradGuard noGradients;
    for (const Parameter& parameter : model_.store().parameters())
      if (torch::Tensor value = parameter.value; value.grad().defined()) value.sub_(value.grad() * 0.1);
  }
  int moved = 0;
  for (const Parameter& parameter : model_.store().parameters()) {
    const bool same = at::equal(parameter.value, before[parameter.name]);
    if (!same) ++moved;
    if (!parameter.name.starts_with("theme.")) {
      EXPECT_TRUE(same) << parameter.name;
    }
  }
  EXPECT_GT(moved, 0);
}

TEST_F(AspectTraining, EveryKindCountsByItsCoefficientWhateverItsLength) {
  AspectLessons stream(model_, lessons(), {.batch = 16});
  EXPECT_EQ(stream.epochLength(), 1);
  stream.load(0);
  const AnswerBatch batch = stream.answer();
  EXPECT_EQ(batch.answerCount, 6);
  std::map<std::string, double> sums;
  const std::map<std::string, std::string> typeOf = {{"a", "theme"},  {"b", "objects"}, {"c", "relationships"},
                                                     {"d", "router"}, {"e", "fusion"},  {"f", "theme"}};
  for (std::int64_t token = 0; token < batch.weights.size(0); ++token) {
    const auto answer = static_cast<std::size_t>(batch.answers[token].item<std::int64_t>());
    sums[typeOf.at(batch.names[answer])] += batch.weights[token].item<double>();
  }
  EXPECT_NEAR(sums["theme"], 1.0, 1e-5);
  EXPECT_NEAR(sums["objects"], 1.0, 1e-5);
  EXPECT_NEAR(sums["relationships"], 1.0, 1e-5);
  EXPECT_NEAR(sums["fusion"], 1.0, 1e-5);
  EXPECT_NEAR(sums["router"], 0.5, 1e-5);
}

TEST_F(AspectTraining, ARowIsTheSameAloneAndAmongOthers) {
  move("");
  AspectLessons together(model_, lessons(), {.batch = 16});
  together.load(0);
  const at::NoGradGuard noGradients;
  const AnswerBatch batch = together.answer();
  for (const Conversation& one : lessons()) {
    if (one.task != "aspect") continue;
    AspectLessons alone(model_, {one}, {.batch = 1});
    alone.load(0);
    const AnswerBatch own = alone.answer();
    const auto row = std::find(batch.names.begin(), batch.names.end(), one.id) - batch.names.begin();
    const torch::Tensor mine = batch.logits.index({batch.answers == row});
    ASSERT_EQ(mine.sizes(), own.logits.sizes()) << one.id;
    EXPECT_LT((mine - own.logits).abs().max().item<double>(), 1e-5) << one.id;
  }
}

TEST_F(AspectTraining, EveryConversationComesOnceAnEpochInAnOrderThatStays) {
  AspectLessons stream(model_, lessons(), {.batch = 4, .seed = 7});
  ASSERT_EQ(stream.epochLength(), 2);
  std::vector<std::vector<std::size_t>> epochs;
  for (const std::int64_t epoch : {0, 1}) {
    std::vector<std::size_t> order;
    for (std::int64_t number = 2 * epoch; number < 2 * epoch + 2; ++number)
      for (const std::size_t row : stream.rowsOf(number)) order.push_back(row);
    EXPECT_EQ(std::set<std::size_t>(order.begin(), order.end()).size(), 6u);
    epochs.push_back(order);
  }
  EXPECT_NE(epochs[0], epochs[1]);
  EXPECT_EQ(stream.rowsOf(1), AspectLessons(model_, lessons(), {.batch = 4, .seed = 7}).rowsOf(1));
}

TEST_F(AspectTraining, LearnsWhatItIsTaughtAndTheDenseStageTakesCaptions) {
  AspectLessons dense(model_, lessons(), {.stage = AspectStage::Dense, .batch = 4});
  dense.load(0);
  EXPECT_EQ(dense.answer().names, std::vector<std::string>{"g"});
  AspectLessons stream(model_, lessons(), {.batch = 16});
  Optimizer optimizer(model_.store(), plainOptimizer(0.02));
  double first = 0;
  double last = 0;
  for (int step = 0; step < 30; ++step) {
    stream.load(step);
    const torch::Tensor loss = crossEntropy(stream.answer());
    loss.backward();
    last = loss.item<double>();
    if (step == 0) first = last;
    optimizer.step(1.0);
  }
  EXPECT_LT(last, 0.5 * first) << "from " << first;
}

// Taught one caption in two stages, written, served: the engine says it word for word.
TEST_F(AspectTraining, TheEngineSaysWhatWasTaught) {
  Record record;
  record.id = "one";
  const std::string caption = "A port. Two ships near it.";
  std::vector<Conversation> lessons = aspectConversations(record, caption, "", 0);
  // An instruction is longer in bytes than the router may write.
  std::erase_if(lessons, [](const Conversation& one) { return one.type == "router"; });
  const std::string wish = lessons.front().turns.front().text;
  for (const AspectStage stage : {AspectStage::Dense, AspectStage::Experts}) {
    if (stage == AspectStage::Experts) model_.copyDenseToExperts();
    AspectLessons stream(model_, lessons, {.stage = stage, .batch = 16});
    Optimizer optimizer(model_.store(), plainOptimizer(0.01));
    double loss = 10;
    for (int step = 0; step < (stage == AspectStage::Dense ? 20 : 400) && loss > 0.02; ++step) {
      stream.load(step);
      const AnswerBatch batch = stream.answer();
      const torch::Tensor likely = at::log_softmax(batch.logits, 1).gather(1, batch.labels.unsqueeze(1)).squeeze(1);
      const torch::Tensor mean = -(likely * batch.weights).sum() / batch.weights.sum();
      mean.backward();
      optimizer.step(1.0);
      loss = mean.item<double>();
    }
    if (stage == AspectStage::Experts) {
      ASSERT_LT(loss, 0.1);
    }
  }
  const fs::path folder = folder_.path() / "taught";
  model_.write(folder, base_.string());
  engine::AspectSet set = engine::readAspectSet(folder);
  set.routerMode = engine::RouterMode::Template;
  set.routerAdapter.clear();
  engine::writeAspectSet(folder, set);
  const auto served = engine::loadLocalModel({.model = folder, .adapters = {}});
  GenerationOptions options;
  options.aspects = true;
  options.beams = 1;
  options.repetitionPenalty = 1.0;
  const Reply reply = served->chat({{.role = Role::User, .text = wish, .images = {}}}, options, {}, {});
  ASSERT_TRUE(reply.aspects);
  EXPECT_EQ(reply.aspects->parts[0].text, "A port.");
  EXPECT_EQ(reply.aspects->parts[1].text, "Two ships near it.");
  EXPECT_EQ(reply.aspects->parts[2].text, "Two ships near it.");
  EXPECT_EQ(reply.aspects->fusion, "generate");
  EXPECT_FALSE(reply.aspects->fusionFallback);
  EXPECT_EQ(reply.text, caption);
}

// What the first word of each aspect is thought to be, of a picture, in training and where it is served.
TEST_F(AspectTraining, PicturesAreSeenAsTheyWillBe) {
  for (const char* name : {"internvl_chat_tiny_qwen2", "instructblip_tiny", "qwen2_5_vl_tiny", "qwen3_vl_tiny"}) {
    SCOPED_TRACE(name);
    const fs::path base = fs::path(ORTHOSCRIBE_SHARED_DIR) / "parity" / "public" / name;
    if (!fs::exists(base)) GTEST_SKIP() << "no fixtures in " << base;
    RgbImage image(64, 48);
    for (std::size_t i = 0; i < image.pixels.size(); ++i) image.pixels[i] = static_cast<std::uint8_t>(i * 5 % 253);
    const std::vector<std::byte> png = encodePng(image);
    writeTextFile(folder_.path() / "one.png", {reinterpret_cast<const char*>(png.data()), png.size()});
    AspectModel model(base, {}, 5);
    moveIn(model, "", 0.1);
    std::vector<Conversation> lessons = aspectConversations({}, "A port. Two ships near it.", "one.png", 0);
    AspectLessons stream(model, lessons, {.batch = 16, .imageRoot = folder_.path()});
    stream.load(0);
    const at::NoGradGuard noGradients;
    const AnswerBatch batch = stream.answer();
    const fs::path folder = folder_.path() / name;
    model.write(folder, base.string());
    engine::AspectSet set = engine::readAspectSet(folder);
    set.routerMode = engine::RouterMode::Template;
    set.routerAdapter.clear();
    set.fusionMode = engine::FusionMode::Concat;
    engine::writeAspectSet(folder, set);
    GenerationOptions options;
    options.aspects = true;
    options.maxNewTokens = 1;
    options.beams = 1;
    options.repetitionPenalty = 1.0;
    const auto served = engine::loadLocalModel({.model = folder, .adapters = {}});
    const std::string wish = lessons.front().turns.front().text;
    const Reply reply = served->chat({{.role = Role::User, .text = wish, .images = {image}}}, options, {}, {});
    ASSERT_TRUE(reply.aspects);
    for (std::size_t i = 0; i < 3; ++i) {
      std::int64_t answer = -1;
      for (std::size_t row = 0; row < batch.names.size(); ++row)
        if (batch.names[row].ends_with(":0:" + std::string(typeOfExpert(static_cast<std::int64_t>(i)))))
          answer = static_cast<std::int64_t>(row);
      ASSERT_GE(answer, 0);
      const auto first = at::nonzero(batch.answers == answer)[0][0].item<std::int64_t>();
      const double expected = at::log_softmax(batch.logits[first], 0).max().item<double>();
      EXPECT_NEAR(reply.aspects->parts[i].meanLogProbability, expected, 1e-4) << i;
    }
  }
}

TEST_F(AspectTraining, WhatWasTrainedAnswersTheSameFromItsFolder) {
  move("");
  const fs::path experts = folder_.path() / "experts";
  model_.write(experts, "../speaker");
  const engine::AspectSet set = engine::readAspectSet(experts);
  EXPECT_EQ(set.routerMode, engine::RouterMode::Generate);
  const engine::LoadedModel loaded(base_, {}, {}, &set);
  const model::Network& network = *loaded.aspectNetwork();
  EXPECT_EQ(network.traits().bankExperts, kAspectExperts);
  for (std::int64_t expert = -1; expert < kAspectExperts; ++expert) {
    model::KvCache cache = network.makeCache();
    cache.setExpert(expert);
    const torch::Tensor got = network.forward(network.embedTokens(at::tensor(ids_, at::kLong)), cache, false);
    EXPECT_LT((got - logitsOf(ids_, expert)).abs().max().item<double>(), 1e-5) << "expert " << expert;
  }
}

// The whole way through the engine, against each expert merged into the base.
TEST_F(AspectTraining, TheEngineDescribesByAspects) {
  move("");
  const fs::path experts = folder_.path() / "experts";
  model_.write(experts, "../speaker");
  engine::AspectSet set = engine::readAspectSet(experts);
  set.routerMode = engine::RouterMode::Template;
  set.routerAdapter.clear();
  set.fusionMode = engine::FusionMode::Concat;
  set.fusionAdapter.clear();
  for (engine::Aspect& aspect : set.aspects) aspect.maxNewTokens = 12;
  engine::writeAspectSet(experts, set);
  const auto model = engine::loadLocalModel({.model = experts, .adapters = {}});
  EXPECT_EQ(model->info().aspects, (std::vector<std::string>{"theme", "objects", "relations"}));
  EXPECT_EQ(model->info().name, "experts");
  GenerationOptions options;
  options.aspects = true;
  const Reply reply = model->chat({{.role = Role::User, .text = "Describe this image.", .images = {}}}, options, {}, {});
  ASSERT_TRUE(reply.aspects);
  ASSERT_EQ(reply.aspects->parts.size(), 3u);
  const char* const folders[] = {"theme", "objects", "relations"};
  for (std::size_t i = 0; i < 3; ++i) {
    const fs::path merged = folder_.path() / ("merged-" + std::string(folders[i]));
    model::mergeAdapter(base_, experts / "adapters" / folders[i], merged);
    const auto own = engine::loadLocalModel({.model = merged, .adapters = {}});
    GenerationOptions plain;
    plain.maxNewTokens = 12;
    const Reply expected = own->chat({{.role = Role::User, .text = set.aspects[i].instruction, .images = {}}}, plain, {}, {});
    const AspectPart& part = reply.aspects->parts[i];
    EXPECT_TRUE(part.ownExpert);
    EXPECT_EQ(part.instruction, set.aspects[i].instruction);
    EXPECT_EQ(part.text, expected.text.substr(0, expected.text.find_last_not_of(" \t\n\r\v\f") + 1)) << part.name;
    EXPECT_LT(part.meanLogProbability, 0.0);
  }
  options.adapter = "none";
  expectError(ErrorCode::InvalidInput, {"aspects", "none"},
              [&] { model->chat({{.role = Role::User, .text = "Describe this image.", .images = {}}}, options, {}, {}); });
}

TEST_F(AspectTraining, TheEngineWithoutExpertsAsksTheBaseAndSaysSo) {
  const auto model = engine::loadLocalModel({.model = base_, .adapters = {}});
  EXPECT_TRUE(model->info().aspects.empty());
  GenerationOptions options;
  options.aspects = true;
  options.maxNewTokens = 8;
  const Reply reply = model->chat({{.role = Role::User, .text = "Describe this image.", .images = {}}}, options, {}, {});
  ASSERT_TRUE(reply.aspects);
  EXPECT_FALSE(reply.aspects->hasExperts());
  EXPECT_EQ(reply.aspects->fusion, "concat");
  GenerationOptions plain;
  plain.maxNewTokens = 8;
  const std::string& asked = reply.aspects->parts[1].instruction;
  const Reply expected = model->chat({{.role = Role::User, .text = asked, .images = {}}}, plain, {}, {});
  EXPECT_EQ(reply.aspects->parts[1].text, expected.text.substr(0, expected.text.find_last_not_of(" \t\n\r\v\f") + 1));
}

TEST_F(AspectTraining, AMissingFolderIsNamed) {
  model_.write(folder_.path() / "experts", "../speaker");
  fs::remove_all(folder_.path() / "experts" / "adapters" / "objects");
  expectError(ErrorCode::NotFound, {"rsmoe.json", "aspects[1].adapter", "adapters/objects"},
              [&] { engine::loadLocalModel({.model = folder_.path() / "experts", .adapters = {}}); });
}

}  // namespace
}  // namespace orthoscribe::learn
