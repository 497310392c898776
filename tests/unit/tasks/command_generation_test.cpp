// SPDX-License-Identifier: GPL-2.0-or-later
// Options of generation on the command line, up to the model behind a server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>
#include <nlohmann/json.hpp>

#include "core/base/files.h"
#include "tests/unit/tasks/coded_scene.h"
#include "tests/unit/tasks/command_line.h"

namespace orthoscribe::tasks {
namespace {

using testing::AllOf;
using testing::HasSubstr;
namespace fs = std::filesystem;

// Remembers how it was asked.
class ListeningModel final : public VisionLanguageModel {
 public:
  Reply chat(const std::vector<Message>& /*messages*/, const GenerationOptions& options, const OnToken& onToken,
             const CancelToken& /*cancel*/) override {
    const std::lock_guard lock(mutex_);
    heard_ = options;
    Reply reply{.text = "car, car, car", .tokens = {}, .usage = {}, .stopReason = stopReason, .repeated = {}};
    if (stopReason == StopReason::Repetition) reply.repeated = "car, ";
    if (options.aspects) {
      reply.aspects.emplace();
      reply.aspects->parts.push_back({.name = "theme", .instruction = "What is it?", .text = "A road.", .ownExpert = experts});
      reply.aspects->parts.push_back({.name = "objects", .instruction = "What is on it?", .text = "Cars.", .ownExpert = experts});
    }
    GeneratedToken token{.text = reply.text, .logProbability = -0.5, .alternatives = {}};
    if (onToken) onToken(token);
    if (options.logProbabilities) reply.tokens.push_back(std::move(token));
    return reply;
  }
  ModelInfo info() override { return codedModelInfo("starter", 128); }
  GenerationOptions heard() const {
    const std::lock_guard lock(mutex_);
    return heard_;
  }

  StopReason stopReason = StopReason::EndOfAnswer;
  bool experts = true;

 private:
  mutable std::mutex mutex_;
  GenerationOptions heard_;
};

class CommandGeneration : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(ORTHOSCRIBE_PROGRAM)) GTEST_SKIP() << "no program at " << ORTHOSCRIBE_PROGRAM;
    CodedScene scene;
    scene.raster().write(folder.path() / "scene.tif");
  }
  tests::Ended run(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--endpoint", server.url()});
    return tests::runProgram(folder.path(), arguments);
  }

  TemporaryDirectory folder;
  ListeningModel model;
  tests::ServedModel server{model};
};

TEST_F(CommandGeneration, DescribesByAspects) {
  const tests::Ended plain = run({"describe", "scene.tif", "--aspects"});
  EXPECT_EQ(plain.status, 0) << plain.notes;
  EXPECT_TRUE(model.heard().aspects);
  EXPECT_THAT(plain.output, HasSubstr("car, car, car\n\ntheme: A road.\n\nobjects: Cars.\n"));
  model.experts = false;
  const tests::Ended listed = run({"describe", "scene.tif", "--aspects", "--json"});
  const nlohmann::json answer = nlohmann::json::parse(listed.output);
  EXPECT_EQ(answer["text"], "car, car, car");
  EXPECT_EQ(answer["aspects"]["parts"][1]["text"], "Cars.");
  EXPECT_EQ(answer["aspects"]["parts"][1]["own_expert"], false);
  EXPECT_THAT(listed.notes, HasSubstr("no experts for aspects"));
  EXPECT_EQ(run({"describe", "scene.tif"}).status, 0);
  EXPECT_FALSE(model.heard().aspects);
  EXPECT_EQ(run({"ask", "scene.tif", "what?", "--aspects"}).status, 2);
}

TEST_F(CommandGeneration, OptionsReachTheModel) {
  for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{
           {"describe", "scene.tif"}, {"ask", "scene.tif", "what?"}, {"detect", "scene.tif", "--classes", "ship"}}) {
    std::vector<std::string> drawing = command;
    drawing.insert(drawing.end(), {"--temperature", "0.7", "--top-p", "0.9", "--top-k", "40", "--min-p", "0.1",
                                   "--repetition-penalty", "1.2", "--seed", "11", "--max-tokens", "77", "--allow-repetition"});
    const tests::Ended drawn = run(drawing);
    ASSERT_EQ(drawn.status, 0) << command[0] << ": " << drawn.notes;
    GenerationOptions heard = model.heard();
    EXPECT_DOUBLE_EQ(heard.temperature, 0.7);
    EXPECT_DOUBLE_EQ(heard.topP, 0.9);
    EXPECT_EQ(heard.topK, 40);
    EXPECT_DOUBLE_EQ(heard.minP, 0.1);
    EXPECT_EQ(heard.repetitionPenalty, 1.2);
    EXPECT_EQ(heard.seed, 11U);
    EXPECT_EQ(heard.maxNewTokens, 77);
    EXPECT_FALSE(heard.repetitionGuard);
    EXPECT_FALSE(heard.beams);

    std::vector<std::string> searching = command;
    searching.insert(searching.end(), {"--beams", "4", "--length-penalty", "-1"});
    ASSERT_EQ(run(searching).status, 0);
    heard = model.heard();
    EXPECT_EQ(heard.beams, 4);
    EXPECT_EQ(heard.lengthPenalty, -1.0);
    EXPECT_TRUE(heard.repetitionGuard);

    ASSERT_EQ(run(command).status, 0);
    heard = model.heard();
    EXPECT_DOUBLE_EQ(heard.temperature, 0.0);
    EXPECT_FALSE(heard.beams || heard.repetitionPenalty || heard.seed || heard.lengthPenalty);
  }
}

TEST_F(CommandGeneration, WhatIsOutOfRangeIsRefusedByNameAndRange) {
  const auto refused = [&](const std::string& option, const std::string& value, const std::string& range) {
    const tests::Ended ended = run({"describe", "scene.tif", option, value});
    EXPECT_EQ(ended.status, 2) << option;
    EXPECT_THAT(ended.notes, AllOf(HasSubstr(option), HasSubstr(range)));
  };
  refused("--temperature", "2.5", "[0 - 2]");
  refused("--top-p", "0", "- 1]");
  refused("--min-p", "-1", "[0 - 1]");
  refused("--repetition-penalty", "0", "[0.01 - 100]");
  refused("--beams", "17", "[1 - 16]");
  refused("--length-penalty", "11", "[-10 - 10]");
  refused("--max-tokens", "0", "");
  const tests::Ended both = run({"describe", "scene.tif", "--beams", "2", "--temperature", "0.5"});
  EXPECT_EQ(both.status, 2);
  EXPECT_THAT(both.notes, AllOf(HasSubstr("--beams"), HasSubstr("--temperature")));
}

TEST_F(CommandGeneration, SaysThatAnAnswerRepeatedItself) {
  model.stopReason = StopReason::Repetition;
  const tests::Ended described = run({"describe", "scene.tif"});
  EXPECT_EQ(described.status, 0);
  EXPECT_EQ(described.output, "car, car, car\n");
  EXPECT_THAT(described.notes, HasSubstr("the model said \"car, \" over and over: its answer was ended there"));
  const tests::Ended json = run({"ask", "scene.tif", "what?", "--json"});
  EXPECT_THAT(nlohmann::json::parse(json.output)["warnings"].dump(), HasSubstr("over and over"));
  const tests::Ended detected = run({"detect", "scene.tif", "--classes", "ship"});
  EXPECT_THAT(detected.notes, HasSubstr("went round in circles"));
}

}  // namespace
}  // namespace orthoscribe::tasks
