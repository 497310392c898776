// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/processing/conversation_split.h"

#include <gtest/gtest.h>

#include <fstream>

#include "core/base/files.h"
#include "tests/unit/learn_data_loading/made_data.h"

namespace orthoscribe::learn {
namespace {

TEST(ConversationSplit, FilesHoldEverySampleOnceAndNamesStillFit) {
  const TemporaryDirectory folder;
  std::vector<Conversation> conversations;
  for (int i = 0; i < 60; ++i) {
    const std::string source = "scene" + std::to_string(i % 20);
    Conversation conversation =
        test::askedAbout("images/" + source + "__256__" + std::to_string(i) + "___0.jpg", "How many?", "3");
    conversation.id = std::to_string(i);
    conversation.source = source;
    conversation.type = i % 2 == 0 ? "count" : "presence";
    conversations.push_back(conversation);
  }
  test::writeConversations(folder.path() / "all.jsonl", conversations);
  std::ofstream(folder.path() / "all.jsonl", std::ios::app) << "broken\n";
  ConversationSplitOptions options;
  options.sides = {{"train", 0.75}, {"test", 0.25}};
  options.excluded = {conversations[7].images.front()};
  options.lookAlikes = {{conversations[0].images.front(), conversations[1].images.front()}};
  SkipReport report;
  const auto sides = splitConversations(folder.path() / "all.jsonl", folder.path() / "sides", options, report);
  EXPECT_EQ(report.skippedCount(), 1);
  EXPECT_EQ(sides[0].sources + sides[1].sources, 20);
  EXPECT_NEAR(double(sides[0].sources), 15, 1);

  std::map<std::string, std::set<std::size_t>> sideOfSource;
  std::set<std::string> ids;
  for (std::size_t side = 0; side < sides.size(); ++side) {
    SkipReport again;
    ConversationReader reader(sides[side].file, again);
    std::int64_t count = 0;
    while (const auto conversation = reader.next()) {
      EXPECT_TRUE(ids.insert(conversation->id).second);
      EXPECT_EQ(conversation->images.front().rfind("../images/", 0), 0u) << conversation->images.front();
      sideOfSource[conversation->source].insert(side);
      ++count;
    }
    EXPECT_EQ(count, sides[side].conversations);
  }
  EXPECT_EQ(ids.size(), 59u);
  EXPECT_FALSE(ids.contains("7"));
  for (const auto& [source, on] : sideOfSource) EXPECT_EQ(on.size(), 1u) << source;
  EXPECT_EQ(sideOfSource["scene0"], sideOfSource["scene1"]) << "look-alikes";
  EXPECT_NE(readTextFile(folder.path() / "sides/split.json").find("scene19"), std::string::npos);
}

}  // namespace
}  // namespace orthoscribe::learn
