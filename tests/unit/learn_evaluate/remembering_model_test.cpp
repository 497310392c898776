// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/evaluate/remembering_model.h"

#include <gtest/gtest.h>

#include <fstream>

#include "core/base/files.h"
#include "core/base/scripted_model.h"

namespace orthoscribe::learn {
namespace {

ModelInfo named(const std::string& name) {
  ModelInfo info;
  info.name = name;
  return info;
}

std::string echo(const std::vector<Message>& messages) {
  return "said: " + messages.back().text;
}

std::vector<Message> asked(const std::string& text, int side = 0) {
  Message message{Role::User, text, {}};
  if (side > 0) message.images.emplace_back(side, side);
  return {message};
}

class Remembering : public ::testing::Test {
 protected:
  TemporaryDirectory folder_;
  std::filesystem::path file_ = folder_.path() / "answers.jsonl";
};

TEST_F(Remembering, AsksOnlyWhatIsNotInTheFile) {
  GenerationOptions probabilities;
  probabilities.logProbabilities = true;
  {
    ScriptedModel model(named("one"), echo);
    RememberingModel remembering(model, file_);
    remembering.chat(asked("a"), {}, {}, {});
    remembering.chat(asked("b", 4), probabilities, {}, {});
    EXPECT_EQ(model.calls(), 2);
  }
  ScriptedModel model(named("one"), [](const auto&) { return "something else"; });
  RememberingModel remembering(model, file_);
  EXPECT_EQ(remembering.chat(asked("a"), {}, {}, {}).text, "said: a");
  const Reply reply = remembering.chat(asked("b", 4), probabilities, {}, {});
  EXPECT_EQ(reply.text, "said: b");
  ASSERT_EQ(reply.tokens.size(), 1u);
  EXPECT_EQ(reply.tokens[0].logProbability, 0.0);
  EXPECT_EQ(model.calls(), 0);
  EXPECT_EQ(remembering.remembered(), 2);
  EXPECT_EQ(remembering.chat(asked("b", 5), probabilities, {}, {}).text, "something else") << "another picture";
  EXPECT_EQ(remembering.chat(asked("b", 4), {}, {}, {}).text, "something else") << "other options";
}

TEST_F(Remembering, DoesNotTakeTheAnswersOfAnotherModel) {
  ScriptedModel one(named("one"), echo);
  RememberingModel(one, file_).chat(asked("a"), {}, {}, {});
  ScriptedModel other(named("other"), [](const auto&) { return "mine"; });
  EXPECT_EQ(RememberingModel(other, file_).chat(asked("a"), {}, {}, {}).text, "mine");
}

TEST_F(Remembering, GoesOnAfterALineThatWasCutShort) {
  ScriptedModel model(named("one"), echo);
  {
    RememberingModel remembering(model, file_);
    remembering.chat(asked("a"), {}, {}, {});
    remembering.chat(asked("b"), {}, {}, {});
  }
  const std::string whole = readTextFile(file_);
  writeTextFile(file_, whole.substr(0, whole.size() - 10));
  {
    RememberingModel remembering(model, file_);
    remembering.chat(asked("a"), {}, {}, {});
    remembering.chat(asked("b"), {}, {}, {});
    EXPECT_EQ(model.calls(), 3);
  }
  RememberingModel remembering(model, file_);
  remembering.chat(asked("b"), {}, {}, {});
  EXPECT_EQ(model.calls(), 3) << "what followed the cut line is kept";
}

TEST_F(Remembering, KeepsNothingThatWasCancelled) {
  ScriptedModel model(named("one"), echo);
  CancelSource source;
  source.cancel();
  RememberingModel(model, file_).chat(asked("a"), {}, {}, source.token());
  EXPECT_TRUE(readTextFile(file_).empty());
}

}  // namespace
}  // namespace orthoscribe::learn
