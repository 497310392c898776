// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/readers/json_elements.h"

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "tests/unit/learn_data_formats/made_set.h"

namespace orthoscribe::learn {
namespace {

std::string elementsOf(const std::filesystem::path& path, const std::string& member = {}) {
  JsonElements elements(path, member);
  std::string text;
  while (const std::optional<JsonElement> element = elements.next())
    text += std::to_string(element->line) + ":" + element->text + "|";
  return text;
}

TEST(JsonElements, ComeFromListsMembersAndLines) {
  MadeSet set;
  set.text("list.json", "\xEF\xBB\xBF [ {\"a\": [1, {\"]\": \"}\\\"]\"}]},\n\n 3 , \"x,]\" ]");
  EXPECT_EQ(elementsOf(set / "list.json"), "1:{\"a\": [1, {\"]\": \"}\\\"]\"}]}|3:3 |3:\"x,]\" |");
  set.text("object.json", "{\"skip\": {\"want\": [9]}, \"text\": \"want\",\n\"want\": [1,\n[2]], \"rest\": null}");
  EXPECT_EQ(elementsOf(set / "object.json", "want"), "2:1|3:[2]|");
  EXPECT_EQ(elementsOf(set / "object.json", "gone"), "");
  set.text("lines.jsonl", "{\"a\":1}\n\n{\"b\":2}\r\n{\"c\"");
  EXPECT_EQ(elementsOf(set / "lines.jsonl"), "1:{\"a\":1}|3:{\"b\":2}\r|4:{\"c\"|");
  set.text("empty.json", " \n");
  EXPECT_EQ(elementsOf(set / "empty.json"), "");
  EXPECT_EQ(elementsOf(set / "empty.json", "want"), "");
}

TEST(JsonElements, TellWhereAFileIsCutShort) {
  MadeSet set;
  set.text("a.json", "[1,\n{\"b\": [");
  set.text("b.json", "[1,\n\"b");
  set.text("c.json", "{\"want\": 3}");
  set.text("d.json", "{\"want\": [1,\n2");
  set.text("e.json", "{\"want\": [1,\n2}");
  for (const auto& [name, line] :
       {std::pair{"a.json", ":2"}, {"b.json", ":2"}, {"c.json", ":1"}, {"d.json", ":2"}, {"e.json", ":2"}}) {
    try {
      elementsOf(set / name, name[0] < 'c' ? "" : "want");
      ADD_FAILURE() << name;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::InvalidInput);
      EXPECT_NE(error.message().find(std::string(name) + line), std::string::npos) << error.message();
    }
  }
}

TEST(JsonOutline, NamesTheTopmostKeys) {
  MadeSet set;
  set.text("a.json", "{\"x\": [{\"y\": 1}], \"z\": 2}");
  set.text("b.json", "[{\"x\": 1}, 2]");
  set.text("c.jsonl", "{\"x\": 1}\n");
  EXPECT_EQ(outlineOf(set / "a.json").keys, (std::vector<std::string>{"x", "z"}));
  EXPECT_EQ(outlineOf(set / "b.json").top, JsonTop::List);
  EXPECT_EQ(outlineOf(set / "b.json").keys, std::vector<std::string>{"x"});
  EXPECT_EQ(outlineOf(set / "c.jsonl").top, JsonTop::Lines);
}

}  // namespace
}  // namespace orthoscribe::learn
