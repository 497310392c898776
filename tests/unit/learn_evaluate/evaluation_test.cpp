// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/evaluate/evaluation.h"

#include <gtest/gtest.h>

#include <fstream>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/image_codec.h"
#include "core/base/scripted_model.h"
#include "core/learn/data/conversation.h"
#include "core/learn/evaluate/remembering_model.h"

namespace orthoscribe::learn {
namespace {

namespace fs = std::filesystem;

ModelInfo starterInfo() {
  ModelInfo info;
  info.name = "scripted";
  info.family = "starter";
  info.dialect = "starter";
  return info;
}

// Says what a table says to the last question.
ScriptedModel tableModel(std::map<std::string, std::string> answers) {
  return ScriptedModel(starterInfo(), [answers = std::move(answers)](const std::vector<Message>& messages) {
    const auto found = answers.find(messages.back().text);
    return found == answers.end() ? std::string("no") : found->second;
  });
}

Sample airportSample() {
  Sample sample;
  sample.name = "scenes/ucmerced/airplane/airplane01.jpg";
  sample.image = RgbImage(256, 256);
  sample.scene = 1;
  sample.boxes = {{{{60, 60}, 40, 30, 20}, kAirplane, false},
                  {{{160, 60}, 40, 30, 20}, kAirplane, false},
                  {{{250, 250}, 40, 30, 20}, kAirplane, true}};
  sample.boxesKnown[kAirplane] = true;
  sample.boxesKnown[kShip] = true;
  sample.attributes[0] = Truth::No;
  sample.attributes[10] = Truth::Yes;
  sample.caption = "Two planes on an apron.";
  return sample;
}

EvaluationResult evaluated(VisionLanguageModel& model, const std::vector<ExamCase>& cases, EvaluationOptions options = {}) {
  return evaluateCases(model, &tasks::dialectNamed("starter"), cases, options, {}, {});
}

TEST(Evaluation, CountsWhatIsSaidOfLabelledPictures) {
  ScriptedModel model = tableModel({{"What kind of scene is this?", "Airplane."},
                                    {"Are there any airplanes?", "Yes, two."},
                                    {"How many airplanes are there?", "There are 2."},
                                    {"How many ships are there?", "0"},
                                    {"Describe this image.", "two planes on an apron"},
                                    {"Detect: airplane", "airplane 60 60 40 30 20\nairplane 200 200 40 30 20\nairplane 1"},
                                    {"Detect: ship", "none"}});
  const std::vector<Sample> samples = {airportSample()};
  const auto cases = sampleCases(samples, tasks::dialectNamed("starter"));
  const EvaluationResult result = evaluated(model, cases);
  const auto& json = result.json;
  EXPECT_EQ(json["classification"]["exact_label"]["right"], 1);
  EXPECT_EQ(json["classification"]["contain"]["right"], 1);
  EXPECT_EQ(json["vqa"]["types"]["presence"]["asked"], 2);
  EXPECT_EQ(json["vqa"]["types"]["presence"]["right"], 2);
  EXPECT_EQ(json["vqa"]["presence_yes"]["asked"], 1);
  EXPECT_EQ(json["vqa"]["counts"]["asked"], 2);
  EXPECT_EQ(json["vqa"]["counts"]["right"], 1);
  EXPECT_EQ(json["vqa"]["counts_within_one"]["right"], 2);
  EXPECT_EQ(json["vqa"]["counts_nonzero"]["right"], 0);
  EXPECT_DOUBLE_EQ(json["vqa"]["count_error"].get<double>(), 0.5);
  EXPECT_EQ(json["captions"]["pictures"], 1);
  EXPECT_NEAR(json["captions"]["bleu_4"].get<double>(), 1, 1e-6);
  EXPECT_EQ(json["detection"]["box_questions"], 2);
  EXPECT_EQ(json["detection"]["dropped_lines"], 1);
  EXPECT_EQ(json["detection"]["classes"]["airplane"]["true_boxes"], 2);
  EXPECT_EQ(json["detection"]["classes"]["airplane"]["said"], 2);
  EXPECT_EQ(json["detection"]["classes"]["airplane"]["right"], 1);
  EXPECT_TRUE(json["detection"].contains("map_voc12"));
  const std::string text = evaluationMarkdown(result.sections);
  EXPECT_NE(text.find("| airplane | 50.0 % | 9.5 to 90.5 % | 1 of 2 |"), std::string::npos) << text;
}

TEST(Evaluation, AsksOnlyTheTasksThatAreWanted) {
  ScriptedModel model = tableModel({});
  const std::vector<Sample> samples = {airportSample()};
  const auto cases = sampleCases(samples, tasks::dialectNamed("starter"));
  const EvaluationResult result = evaluated(model, cases, {.tasks = {"classification"}});
  EXPECT_EQ(result.questions, 1u);
  EXPECT_EQ(model.calls(), 1);
  EXPECT_EQ(result.json.size(), 1u);
}

TEST(Evaluation, ScoresClosedBookQuestionsByTypeAndTopic) {
  const TemporaryDirectory folder;
  const fs::path file = folder.path() / "questions.jsonl";
  writeTextFile(file, R"({"id":"1","question":"which?","type":"choice","choices":["x","y"],"answer":"y","topic":"one"}
{"id":"2","question":"how far?","type":"numeric","answer":"10 m","topic":"one"}

{"id":"3","question":"is it so?","type":"boolean","answer":"no","topic":"two"}
)");
  ASSERT_TRUE(isBenchmarkFile(file));
  ScriptedModel model = tableModel({{"which?\nA) x\nB) y\nBriefly.", "B"}, {"how far?\nBriefly.", "1 km"}});
  const auto cases = benchmarkCases(file, "Briefly.");
  const auto json = evaluated(model, cases).json["closed_book"];
  EXPECT_EQ(json["all"]["right"], 2);
  EXPECT_EQ(json["all"]["asked"], 3);
  EXPECT_EQ(json["types"]["numeric"]["right"], 0);
  EXPECT_EQ(json["topics"]["one"]["right"], 1);
  EXPECT_EQ(json["topics"]["two"]["asked"], 1);
}

class ConversationFile : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::vector<std::byte> jpeg = encodeJpeg(RgbImage(256, 256));
    std::ofstream(folder_.path() / "a.jpg", std::ios::binary)
        .write(reinterpret_cast<const char*>(jpeg.data()), static_cast<std::streamsize>(jpeg.size()));
  }

  Conversation conversation(const std::string& task, const std::string& question, const std::string& answer) {
    Conversation one;
    one.id = task + std::to_string(++count_);
    one.images = {"a.jpg"};
    one.task = task;
    one.turns = {{Role::User, "<image>\n" + question}, {Role::Assistant, answer}};
    return one;
  }

  fs::path write(const std::vector<Conversation>& conversations) {
    const fs::path path = folder_.path() / "test.jsonl";
    std::ofstream stream(path);
    for (const Conversation& one : conversations) writeConversation(stream, one);
    return path;
  }

  TemporaryDirectory folder_;
  int count_ = 0;
};

TEST_F(ConversationFile, IsJudgedByItsTasks) {
  Conversation question = conversation("vqa", "How many?", "3");
  question.type = "count";
  Conversation caption = conversation("caption", "Describe.", "a river and trees");
  caption.references = {"a river between trees", "trees at a river"};
  Conversation grounding = conversation("grounding", "Where is the ship?", "ship 100 100 40 20 0");
  grounding.objects = {{"ship", {geo::Point{80, 90}, {120, 90}, {120, 110}, {80, 110}}, false}};
  Conversation detection = conversation("detection", "Find ships.", "ship 100 100 40 20 0");
  detection.objects = grounding.objects;
  Conversation knowledge = conversation("knowledge", "Which band is red?", "B4");
  knowledge.images.clear();
  knowledge.turns[0].text = "Which band is red?";
  const fs::path file =
      write({question, caption, grounding, detection, knowledge, conversation("classification", "Which class?", "river"),
             conversation("classification", "Which class now?", "driveway")});
  ScriptedModel model = tableModel({{"<image>\nHow many?", "four"},
                                    {"<image>\nDescribe.", "trees at a river"},
                                    {"<image>\nWhere is the ship?", "ship 104 100 40 20 0"},
                                    {"<image>\nFind ships.", "ship 100 100 40 20 0\nship 20 20 40 20 0"},
                                    {"Which band is red?", "b4."},
                                    {"<image>\nWhich class?", "a driver on a river"},
                                    {"<image>\nWhich class now?", "River driveway"}});
  EXPECT_FALSE(isBenchmarkFile(file));
  const auto cases = conversationCases(file, {});
  const auto json = evaluated(model, cases).json;
  EXPECT_EQ(json["vqa"]["types"]["count"]["right"], 0);
  EXPECT_EQ(json["vqa"]["counts_within_one"]["right"], 1);
  EXPECT_GT(json["captions"]["rouge_l"].get<double>(), 0.99);
  EXPECT_EQ(json["grounding"]["upright_50"]["right"], 1);
  EXPECT_NEAR(json["grounding"]["mean_upright"].get<double>(), 36.0 / 44.0, 1e-6);
  EXPECT_EQ(json["detection"]["classes"]["ship"]["said"], 2);
  EXPECT_EQ(json["detection"]["classes"]["ship"]["right"], 1);
  EXPECT_EQ(json["closed_book"]["all"]["right"], 1);
  EXPECT_EQ(json["classification"]["contain"]["right"], 2);
  EXPECT_EQ(json["classification"]["exact_label"]["right"], 1) << "river is named first";
}

TEST_F(ConversationFile, WithoutAnswerIsRefusedByItsLine) {
  Conversation open = conversation("vqa", "How many?", "3");
  open.turns.pop_back();
  const fs::path file = write({conversation("vqa", "How many?", "3"), open});
  try {
    conversationCases(file, {});
    FAIL() << "a question without an answer is taken";
  } catch (const Error& error) {
    EXPECT_NE(error.message().find("test.jsonl:2"), std::string::npos) << error.message();
  }
}

TEST_F(ConversationFile, OfATaskThatCannotBeJudgedIsRefused) {
  const fs::path file = write({conversation("poetry", "Rhyme.", "no")});
  ScriptedModel model = tableModel({});
  const auto cases = conversationCases(file, {});
  EXPECT_THROW(evaluated(model, cases), Error);
}

TEST_F(ConversationFile, GoesOnAfterACancel) {
  std::vector<Conversation> all;
  for (int number = 0; number < 10; ++number) all.push_back(conversation("vqa", "Question " + std::to_string(number), "yes"));
  const fs::path file = write(all);
  const auto cases = conversationCases(file, {});
  const fs::path answers = folder_.path() / "answers.jsonl";
  CancelSource source;
  int asked = 0;
  ScriptedModel first(starterInfo(), [&](const auto&) {
    if (++asked == 4) source.cancel();
    return "yes";
  });
  {
    RememberingModel remembering(first, answers);
    EXPECT_THROW(evaluateCases(remembering, nullptr, cases, {}, {}, source.token()), Error);
  }
  ScriptedModel second(starterInfo(), [](const auto&) { return "yes"; });
  RememberingModel remembering(second, answers);
  std::int64_t told = 0;
  EvaluationOptions several;
  several.parallel = 3;
  const EvaluationResult result =
      evaluateCases(remembering, nullptr, cases, several, [&](const Progress& state) { told = state.done; }, {});
  EXPECT_EQ(result.json["vqa"]["oa"]["right"], 10);
  EXPECT_EQ(remembering.remembered() + second.calls(), 10);
  EXPECT_GE(remembering.remembered(), 3);
  EXPECT_EQ(told, 10);
}

}  // namespace
}  // namespace orthoscribe::learn
