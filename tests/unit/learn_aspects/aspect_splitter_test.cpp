// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/aspects/aspect_splitter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/learn/aspects/aspect_conversations.h"
#include "tests/unit/model/expect_error.h"

namespace orthoscribe::learn {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(AspectSplitter, SortsSentencesByWhatTheySpeakOf) {
  const AspectTexts texts = splitByAspects(
      "This is a high-resolution aerial image showing an airport. There are seven white planes. A road runs along the apron. "
      "Grass grows. Two hangars stand next to the runway.");
  EXPECT_EQ(texts.theme, "This is a high-resolution aerial image showing an airport.");
  EXPECT_EQ(texts.objects, "There are seven white planes. Grass grows. Two hangars stand next to the runway.");
  EXPECT_EQ(texts.relations, "A road runs along the apron. Two hangars stand next to the runway.");
}

TEST(AspectSplitter, TheFirstSentenceIsTheTheme) {
  const AspectTexts texts = splitByAspects("A harbour");
  EXPECT_EQ(texts.theme, "A harbour");
  EXPECT_EQ(texts.objects, "");
  EXPECT_EQ(texts.relations, "");
  const AspectTexts both = splitByAspects("Many green trees are around a large building.");
  EXPECT_EQ(both.theme, both.objects);
  EXPECT_EQ(both.theme, both.relations);
}

TEST(AspectSplitter, LooksAtWholeWords) {
  // "rowing", "topics", "overcast" and "tree" hold words of place or number, and are none.
  const AspectTexts texts = splitByAspects("Water. Rowing clubs and overcast topics. A tree.");
  EXPECT_EQ(texts.relations, "");
  EXPECT_EQ(texts.objects, "Rowing clubs and overcast topics. A tree.");
  EXPECT_EQ(splitByAspects("").theme, "");
}

TEST(AspectSplitter, CountsNouns) {
  EXPECT_THAT(frequentNouns("Ships in the harbor, one ship at the pier, buses on the road near the harbor.", 2),
              ElementsAre("ships", "harbor"));
  EXPECT_THAT(frequentNouns("Buses and a tank.", 5), ElementsAre("buses", "tank"));
  EXPECT_TRUE(frequentNouns("Nothing of the kind.", 2).empty());
}

TEST(AspectConversations, TeachEveryExpert) {
  Record record;
  record.id = "P0001";
  record.source = "P0001.tif";
  const std::string caption = "The image shows a harbor. Five ships are there. They lie along the pier.";
  const std::vector<Conversation> made = aspectConversations(record, caption, "pictures/P0001.png", 1);
  std::vector<std::string> kinds;
  for (const Conversation& one : made) {
    kinds.push_back(one.task + "/" + one.type);
    EXPECT_EQ(one.source, "P0001.tif");
    EXPECT_THAT(one.images, ElementsAre("pictures/P0001.png"));
    ASSERT_EQ(one.turns.size(), 2u);
    if (one.task == "aspect") {
      EXPECT_LT(expertOfType(one.type), kAspectExperts);
    }
  }
  EXPECT_THAT(kinds, ElementsAre("caption/", "aspect/theme", "aspect/router", "aspect/objects", "aspect/router",
                                 "aspect/relationships", "aspect/router", "aspect/fusion"));
  EXPECT_EQ(made[0].turns[1].text, caption);
  EXPECT_EQ(made[3].turns[1].text, "Five ships are there.");
  EXPECT_THAT(made[3].turns[0].text, HasSubstr("state. Focus on ships."));
  EXPECT_EQ(made[4].turns[1].text, made[3].turns[0].text) << "the router writes what the expert is asked";
  EXPECT_THAT(made[4].turns[0].text, HasSubstr("Aspect: objects\n"));
  EXPECT_THAT(made[7].turns[0].text, HasSubstr("\nObjects: Five ships are there.\nRelations: They lie along the pier.\n"));
  EXPECT_EQ(made[7].turns[1].text, caption);
}

TEST(AspectConversations, LeaveOutWhatACaptionDoesNotSay) {
  const std::vector<Conversation> made = aspectConversations({}, "A harbor.", "a.png", 0);
  ASSERT_EQ(made.size(), 4u);  // caption, theme, its router, fusion
  EXPECT_EQ(made[1].turns[0].text,
            "Describe the overall scene of this remote sensing image: land use, image type and resolution.");
  EXPECT_THAT(made[3].turns[0].text, testing::Not(HasSubstr("Objects:")));
  EXPECT_TRUE(aspectConversations({}, "  ", "a.png", 0).empty());
}

TEST(AspectConversations, TypesAreExperts) {
  for (std::int64_t expert = 0; expert < kAspectExperts; ++expert) EXPECT_EQ(expertOfType(typeOfExpert(expert)), expert);
  expectError(ErrorCode::InvalidInput, {"'weather'", "relationships"}, [] { expertOfType("weather"); });
}

}  // namespace
}  // namespace orthoscribe::learn
