// SPDX-License-Identifier: GPL-2.0-or-later
// Descriptions by aspects: what the experts are asked, and what becomes of what they say. No network.
#include "core/engine/aspects/aspect_description.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "core/engine/aspects/aspect_fusion.h"
#include "core/engine/aspects/aspect_instructions.h"
#include "core/engine/aspects/aspect_text.h"
#include "core/engine/aspects/question_aspects.h"

namespace orthoscribe::engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

AspectPart part(const std::string& text, double logProbability = -1.0) {
  return {.name = "theme", .instruction = {}, .text = text, .meanLogProbability = logProbability};
}

TEST(AspectText, CutsWordsAndSentences) {
  EXPECT_THAT(wordsOf("Two Planes' wings, 3,000 m at 0.5 m: it's a \"T-junction\"."),
              ElementsAre("two", "planes", "wings", "3000", "m", "at", "0.5", "m", "it's", "a", "t", "junction"));
  EXPECT_THAT(sentencesOf("A harbour. It has 0.5 m pixels!\nShips lie in it"),
              ElementsAre("A harbour.", "It has 0.5 m pixels!", "Ships lie in it"));
  EXPECT_TRUE(sentencesOf(" \n ").empty());
  EXPECT_EQ(numberOf("seven"), "7");
  EXPECT_EQ(numberOf("dozens"), "12");
  EXPECT_EQ(numberOf("plane"), "");
}

TEST(AspectInstructions, KnowPlainWishesForCaptions) {
  for (const char* plain :
       {"Describe this image in detail.", "Take a look at this image and describe what you notice.", "Describe this image.",
        "Please provide a detailed description of the picture.", "Could you describe the contents of this image for me?", ""})
    EXPECT_TRUE(isPlainCaptionRequest(plain)) << plain;
  for (const char* other : {"Describe the ships in this image.", "How many planes are there?", "Describe the damage."})
    EXPECT_FALSE(isPlainCaptionRequest(other)) << other;
  const Aspect theme = plainAspects().aspects.front();
  EXPECT_EQ(templateInstruction(theme, "Describe this image."), theme.instruction);
  EXPECT_EQ(templateInstruction(theme, " Describe the damage. "), theme.instruction + " The user asked: Describe the damage.");
}

TEST(AspectInstructions, WrittenOnesMustSaySomething) {
  EXPECT_EQ(writtenInstruction(" Describe the ships at the quay. \nAspect: theme"), "Describe the ships at the quay.");
  EXPECT_EQ(writtenInstruction(""), std::nullopt);
  EXPECT_EQ(writtenInstruction("Ships please"), std::nullopt);
  EXPECT_EQ(writtenInstruction("1 2 3 4"), std::nullopt);
}

TEST(AspectInstructions, FindTheWishInAPrompt) {
  const Aspect theme = plainAspects().aspects.front();
  EXPECT_EQ(wishIn(routerPrompt(theme, " Describe the port. ")), "Describe the port.");
  EXPECT_EQ(wishIn(fusionPrompt("Describe the port.", {part("A port.")})), "Describe the port.");
  EXPECT_EQ(wishIn("Where are ships?"), "Where are ships?");
}

TEST(AspectFusion, JoinsWithoutSayingThingsTwice) {
  EXPECT_EQ(joinedParts({part("A harbour with ships."), part("Five white ships. A harbour with  SHIPS"), part(""),
                         part("They lie at the quay")}),
            "A harbour with ships. Five white ships. They lie at the quay.");
  EXPECT_EQ(joinedParts({part(""), part(" ")}), "");
}

TEST(AspectFusion, TheSurestPartIsThatOfTheHighestMean) {
  EXPECT_EQ(surestPart({part("a", -2.0), part("b", -0.5), part("", -0.1), part("c", -1.0)}), 1u);
  EXPECT_EQ(surestPart({part("a", AspectPart().meanLogProbability), part("b", -3.0)}), 1u);
  EXPECT_EQ(surestPart({part(""), part("")}), std::nullopt);
}

TEST(AspectFusion, SeesNumbersThatNoPartSays) {
  const std::vector<AspectPart> parts = {part("An airport."), part("Seven planes and 3,000 cars.")};
  EXPECT_FALSE(inventsNumbers("An airport with 7 planes and 3000 cars.", parts));
  EXPECT_FALSE(inventsNumbers("An airport with planes.", parts));
  EXPECT_TRUE(inventsNumbers("An airport with eight planes.", parts));
  EXPECT_TRUE(inventsNumbers("An airport with 70 planes.", parts));
}

// Answers by the kind of prompt, and remembers what was asked.
class Describing : public testing::Test {
 protected:
  Describing() {
    set_ = plainAspects();
    for (Aspect& aspect : set_.aspects) aspect.adapter = "/experts/" + aspect.name;
    writer_.write = [this](std::vector<AspectRow> rows) {
      std::vector<Reply> replies;
      for (const AspectRow& row : rows) replies.push_back(replyTo(row));
      asked_.push_back(std::move(rows));
      return replies;
    };
  }

  Reply replyTo(const AspectRow& row) {
    Reply reply;
    reply.usage = {.promptTokens = 10, .completionTokens = 3};
    reply.text = row.expert == 3 ? routed_ : row.expert == 4 ? fused_ : parts_.at(static_cast<std::size_t>(row.expert));
    reply.tokens.push_back({.text = reply.text, .logProbability = -0.5, .alternatives = {}});
    if (cancelAt_ == asked_.size()) reply.stopReason = StopReason::Cancelled;
    return reply;
  }

  Reply describe(const std::string& wish = "Describe this image.") {
    const std::vector<Message> messages = {{.role = Role::User, .text = wish, .images = {RgbImage(2, 2)}}};
    return describeByAspects(set_, messages, options_, writer_, [this](const GeneratedToken& token) { heard_ += token.text; });
  }

  AspectSet set_;
  AspectWriter writer_;
  GenerationOptions options_;
  std::vector<std::string> parts_ = {"A harbour.", "Five ships.", "Ships lie at the quay."};
  std::string routed_ = "Describe what floats on the water.";
  std::string fused_ = "A harbour where five ships lie at the quay.";
  std::optional<std::size_t> cancelAt_;
  std::vector<std::vector<AspectRow>> asked_;
  std::string heard_;
};

TEST_F(Describing, AsksAllAspectsAtOnceAndJoins) {
  const Reply reply = describe();
  ASSERT_EQ(asked_.size(), 1u);
  ASSERT_EQ(asked_[0].size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(asked_[0][i].expert, static_cast<std::int64_t>(i));
    EXPECT_EQ(asked_[0][i].messages.back().text, set_.aspects[i].instruction);
    EXPECT_EQ(asked_[0][i].messages.back().images.size(), 1u);
    EXPECT_EQ(asked_[0][i].options.maxNewTokens, set_.aspects[i].maxNewTokens);
  }
  EXPECT_EQ(reply.text, "A harbour. Five ships. Ships lie at the quay.");
  EXPECT_EQ(heard_, reply.text);
  ASSERT_TRUE(reply.aspects);
  EXPECT_TRUE(reply.aspects->hasExperts());
  EXPECT_EQ(reply.aspects->fusion, "concat");
  EXPECT_DOUBLE_EQ(reply.aspects->parts[1].meanLogProbability, -0.5);
  EXPECT_EQ(reply.usage.completionTokens, 9);
}

TEST_F(Describing, FusesByAnExpert) {
  set_.fusionMode = FusionMode::Generate;
  set_.fusionAdapter = "/experts/fusion";
  const Reply reply = describe("<image>\nDescribe this image.");
  EXPECT_EQ(reply.text, fused_);
  EXPECT_FALSE(reply.aspects->fusionFallback);
  ASSERT_EQ(asked_.size(), 2u);
  EXPECT_EQ(asked_[1].front().expert, 4);
  EXPECT_EQ(asked_[1].front().question, "Describe this image.") << "the picture is looked at with the wish, not with the notes";
  EXPECT_EQ(asked_[0].front().question, "");
  EXPECT_EQ(asked_[1].front().messages.back().text,
            "Task: Describe this image.\nTheme: A harbour.\nObjects: Five ships.\nRelations: Ships lie at the quay.\n"
            "Write one caption that uses only these notes and the image.\nCaption:");
}

TEST_F(Describing, JoinsWhereTheFusionInventsANumber) {
  set_.fusionMode = FusionMode::Generate;
  set_.fusionAdapter = "/experts/fusion";
  fused_ = "A harbour with six ships.";
  const Reply reply = describe();
  EXPECT_TRUE(reply.aspects->fusionFallback);
  EXPECT_EQ(reply.text, "A harbour. Five ships. Ships lie at the quay.");
  fused_.clear();
  EXPECT_TRUE(describe().aspects->fusionFallback);
}

TEST_F(Describing, TheRouterWritesTheInstructionsOrFallsBack) {
  set_.routerMode = RouterMode::Generate;
  set_.routerAdapter = "/experts/router";
  Reply reply = describe("Describe the port.");
  ASSERT_EQ(asked_.size(), 2u);
  EXPECT_EQ(asked_[0].size(), 3u);
  EXPECT_EQ(asked_[0][1].expert, 3);
  EXPECT_THAT(asked_[0][1].messages.back().text, HasSubstr("Task: Describe the port.\nAspect: objects\n"));
  EXPECT_THAT(asked_[0][1].options.stop, ElementsAre("\n"));
  EXPECT_EQ(reply.aspects->parts[0].instruction, routed_);
  EXPECT_EQ(asked_[1][2].messages.back().text, routed_);
  routed_ = "?!";
  reply = describe("Describe the port.");
  EXPECT_EQ(reply.aspects->parts[0].instruction, set_.aspects[0].instruction + " The user asked: Describe the port.");
}

TEST(QuestionAspects, GoByTheKindOfQuestion) {
  const AspectSet set = plainAspects();
  const auto asked = [&](const char* question) {
    std::vector<std::string> names;
    for (const std::size_t aspect : aspectsAsked(question, set)) names.push_back(set.aspects[aspect].name);
    return names;
  };
  for (const char* question : {"How many ships are there?", "Is there a road?", "What colour is the roof?",
                               "Is a residential building present?", "What is the area covered by water?"})
    EXPECT_THAT(asked(question), ElementsAre("objects")) << question;
  for (const char* question : {"Are there more roads than buildings?", "Where is the runway?", "What lies north of the lake?",
                               "Is the number of roads equal to the number of buildings?"})
    EXPECT_THAT(asked(question), ElementsAre("relations")) << question;
  for (const char* question : {"Is it a rural or an urban area?", "Which scene is shown?"})
    EXPECT_THAT(asked(question), ElementsAre("theme")) << question;
  EXPECT_EQ(asked("Who has built it?").size(), 3u);
  AspectSet other = set;
  other.aspects[1].name = "things";
  EXPECT_EQ(aspectsAsked("How many ships are there?", other).size(), 3u);
  EXPECT_TRUE(isQuestion(" How many? "));
  EXPECT_FALSE(isQuestion("Could you describe the contents of this image for me?")) << "wishes for a caption";
  EXPECT_FALSE(isQuestion("Count the ships."));
}

TEST_F(Describing, AQuestionIsPutToTheOneWhomItConcerns) {
  parts_[1] = " five";
  Reply reply = describe("How many ships are there?");
  ASSERT_EQ(asked_.size(), 1u);
  ASSERT_EQ(asked_[0].size(), 1u);
  const AspectRow& row = asked_[0][0];
  EXPECT_EQ(row.expert, 1);
  EXPECT_EQ(row.messages.back().text, "Question: How many ships are there? Short answer:");
  EXPECT_EQ(row.options.maxNewTokens, 10);
  EXPECT_EQ(row.options.beams, 5);
  EXPECT_EQ(row.options.lengthPenalty, 0.0);
  EXPECT_EQ(reply.text, "five");
  EXPECT_EQ(heard_, "five");
  EXPECT_TRUE(reply.aspects->parts[0].skipped);
  EXPECT_FALSE(reply.aspects->parts[1].skipped);
  options_.beams = 2;
  options_.maxNewTokens = 4;
  describe("How many ships are there?");
  EXPECT_EQ(asked_[1][0].options.beams, 2);
  EXPECT_EQ(asked_[1][0].options.maxNewTokens, 4);
}

TEST_F(Describing, AQuestionOfAnyKindIsAnsweredByTheSurest) {
  set_.fusionMode = FusionMode::Generate;
  set_.fusionAdapter = "/experts/fusion";
  writer_.write = [&](std::vector<AspectRow> rows) {
    std::vector<Reply> replies;
    for (const AspectRow& row : rows) {
      replies.push_back(replyTo(row));
      replies.back().tokens.front().logProbability = row.expert == 2 ? -0.1 : -2.0;
    }
    asked_.push_back(std::move(rows));
    return replies;
  };
  const Reply reply = describe("Who has built it?");
  ASSERT_EQ(asked_.size(), 1u) << "nothing is fused";
  EXPECT_EQ(asked_[0].size(), 3u);
  EXPECT_EQ(reply.text, "Ships lie at the quay.");
  EXPECT_EQ(reply.aspects->fusion, "best");
}

TEST_F(Describing, SkipsWhatDoesNotConcernTheImageButNeverAll) {
  std::vector<double> relevance = {0.9, 0.1, 0.3};
  writer_.judge = [&](const std::vector<Message>&) { return relevance; };
  Reply reply = describe();
  EXPECT_EQ(asked_[0].size(), 2u);
  EXPECT_TRUE(reply.aspects->parts[1].skipped);
  EXPECT_TRUE(reply.aspects->parts[1].text.empty());
  EXPECT_EQ(reply.text, "A harbour. Ships lie at the quay.");
  relevance = {0.01, 0.02, 0.05};
  reply = describe();
  EXPECT_EQ(reply.text, "Ships lie at the quay.");
  EXPECT_DOUBLE_EQ(reply.aspects->parts[2].relevance, 0.05);
}

TEST_F(Describing, GivesWhatThereIsWhenCancelled) {
  set_.fusionMode = FusionMode::Generate;
  set_.fusionAdapter = "/experts/fusion";
  cancelAt_ = 0;
  const Reply reply = describe();
  EXPECT_EQ(reply.stopReason, StopReason::Cancelled);
  EXPECT_EQ(reply.text, "A harbour. Five ships. Ships lie at the quay.");
  EXPECT_EQ(asked_.size(), 1u);
}

TEST_F(Describing, TakesTheSurestForShortCaptions) {
  set_.fusionMode = FusionMode::Best;
  const Reply reply = describe();
  EXPECT_EQ(reply.text, "A harbour.");
}

}  // namespace
}  // namespace orthoscribe::engine
