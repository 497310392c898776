// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/conversation.h"

#include <gtest/gtest.h>

#include <sstream>

#include "core/base/error.h"
#include "tests/unit/learn_data_formats/made_set.h"

namespace orthoscribe::learn {
namespace {

Conversation fullOne() {
  Conversation conversation;
  conversation.id = "a \"quoted\" id";
  conversation.images = {"tiles/a.jpg", "tiles/b.jpg"};
  conversation.source = "a.tif";
  conversation.task = "change";
  conversation.type = "presence";
  conversation.turns = {{Role::System, "You see."},
                        {Role::User, "<image> <image>\nWhat?\t\xC3\xA9"},
                        {Role::Assistant, "10,20 ship\n"},
                        {Role::User, "Sure?"},
                        {Role::Assistant, ""}};
  conversation.rejected = "No.";
  conversation.objects = {{"ship", {geo::Point{0.1, 2.0 / 3.0}, {5, 1}, {5, 6.25}, {-1, 6}}, true}};
  conversation.references = {"One.", "Two."};
  return conversation;
}

TEST(ConversationFile, GivesBackWhatWasWritten) {
  Conversation plain;
  plain.turns = {{Role::User, "Q"}, {Role::Assistant, "A"}};
  MadeSet set;
  std::ostringstream text;
  for (const Conversation& conversation : {fullOne(), plain}) writeConversation(text, conversation);
  set.text("c.jsonl", "\n" + text.str() + " \r\n");
  SkipReport report;
  ConversationReader reader(set / "c.jsonl", report);
  EXPECT_EQ(reader.next(), fullOne());
  EXPECT_EQ(reader.where(), (set / "c.jsonl").string() + ":2");
  EXPECT_EQ(reader.next(), plain);
  EXPECT_EQ(reader.next(), std::nullopt);
  EXPECT_EQ(report.goodCount(), 2);
}

TEST(ConversationFile, WritesLlavasMembersAndLeavesEmptyOnesOut) {
  Conversation plain;
  plain.images = {"a.jpg"};
  plain.turns = {{Role::User, "<image>Q"}, {Role::Assistant, "A"}};
  std::ostringstream text;
  writeConversation(text, plain);
  EXPECT_EQ(text.str(),
            "{\"image\":[\"a.jpg\"],\"conversations\":[{\"from\":\"human\",\"value\":\"<image>Q\"},"
            "{\"from\":\"gpt\",\"value\":\"A\"}]}\n");
}

TEST(ConversationFile, RefusesWhatCannotBeTrained) {
  const std::pair<const char*, const char*> wrong[] = {
      {R"({"conversations":[]})", "\"conversations\" is missing or empty"},
      {R"([1])", "a sample is not an object"},
      {R"({"conversations":[{"from":"human"}]})", "without \"value\""},
      {R"({"conversations":[{"from":"robot","value":"x"}]})", "'robot'"},
      {R"({"conversations":[{"from":"human","value":"a"},{"from":"human","value":"b"}]})", "gpt should speak"},
      {R"({"conversations":[{"from":"system","value":"a"}]})", "no question"},
      {R"({"image":["a","b"],"conversations":[{"from":"human","value":"<image>a"}]})", "1 markers <image> for 2"},
      {R"({"conversations":[{"from":"human","value":"<image>a"}]})", "1 markers <image> for 0"},
      {R"({"conversations":[{"from":"human","value":"a"}],"rejected":"x"})", "\"rejected\""},
      {R"({"conversations":[{"from":"human","value":"a"}],"objects":[{"label":"x","quad":[1,2]}]})", "\"quad\""},
      {R"({"image":{},"conversations":[{"from":"human","value":"a"}]})", "\"image\""},
  };
  for (const auto& [line, words] : wrong) {
    try {
      parseConversation(line);
      ADD_FAILURE() << line;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::InvalidInput);
      EXPECT_NE(error.message().find(words), std::string::npos) << error.message();
    }
  }
}

TEST(ConversationFile, NamesAMissingFile) {
  SkipReport report;
  EXPECT_THROW(ConversationReader("/no/such/file.jsonl", report), Error);
}

}  // namespace
}  // namespace orthoscribe::learn
