// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/evaluate/exam.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/learn/evaluate/exam_text.h"

namespace orthoscribe::learn {
namespace {

// Says what a table says, by the last question.
class TableModel : public VisionLanguageModel {
 public:
  explicit TableModel(std::map<std::string, std::string> answers) : answers_(std::move(answers)) {}

  Reply chat(const std::vector<Message>& messages, const GenerationOptions&, const OnToken&, const CancelToken&) override {
    Reply reply;
    const auto found = answers_.find(messages.back().text);
    reply.text = found == answers_.end() ? "no" : found->second;
    return reply;
  }
  ModelInfo info() override {
    ModelInfo info;
    info.family = "starter";
    info.dialect = "starter";
    return info;
  }

 private:
  std::map<std::string, std::string> answers_;
};

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
  return sample;
}

TEST(Exam, CountsWhatTheTextSays) {
  TableModel model({{"What kind of scene is this?", "Airplane."},
                    {"Are there any airplanes?", "Yes, two."},
                    {"How many airplanes are there?", "There are 2."},
                    {"How many ships are there?", "0"},
                    {"Detect: airplane", "airplane 60 60 40 30 20\nairplane 200 200 40 30 20\nairplane 1"},
                    {"Detect: ship", "none"}});
  const ExamResult result = examine(model, {airportSample()}, {}, {}, {});
  EXPECT_EQ(result.scene.right, 1);
  EXPECT_EQ(result.presence.asked, 2);
  EXPECT_EQ(result.presence.right, 2);
  EXPECT_EQ(result.presentOnes.right, 1);
  EXPECT_EQ(result.counts.asked, 2);
  EXPECT_EQ(result.counts.right, 1);
  EXPECT_EQ(result.countsNonZero.right, 0);
  EXPECT_DOUBLE_EQ(result.countError, 0.5);
  EXPECT_EQ(result.boxQuestions, 2);
  EXPECT_EQ(result.droppedLines, 1);
  const ClassPrecision& planes = result.boxes.classes.at("airplane");
  EXPECT_EQ(planes.truths, 2);
  EXPECT_EQ(planes.found, 2);
  EXPECT_EQ(planes.hits, 1);
  EXPECT_NE(examTable(result).find("| airplane | "), std::string::npos);
  EXPECT_EQ(examJson(result)["classes"]["airplane"]["right"], 1);
}

TEST(Exam, SceneNamesAreFoundInAnyWriting) {
  EXPECT_EQ(sceneInText("Dense residential."), 6);
  EXPECT_EQ(sceneInText("denseresidential"), 6);
  EXPECT_EQ(sceneInText("residential"), -1);
  EXPECT_EQ(sceneInText(""), -1);
}

}  // namespace
}  // namespace orthoscribe::learn
