// SPDX-License-Identifier: GPL-2.0-or-later
// orthoscribe data formats, check and convert, as a user runs them.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/learn/data/conversation.h"
#include "tests/engine/child_process.h"
#include "tests/unit/learn_data_formats/made_set.h"

namespace orthoscribe::learn {
namespace {

struct Ended {
  int status = -1;
  std::string output;
  std::string notes;
};

Ended data(const MadeSet& set, const std::vector<std::string>& arguments) {
  std::vector<std::string> command = {"/bin/sh",           "-c",  "cd \"$0\" && exec \"$@\" 2>notes.txt", set.path().string(),
                                      ORTHOSCRIBE_PROGRAM, "data"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  tests::ChildProcess program(command, {});
  Ended ended;
  ended.status = program.waitForEnd(std::chrono::seconds(120)).value_or(-1000);
  ended.output = program.output();
  ended.notes = readTextFile(set / "notes.txt");
  return ended;
}

void writeSet(const MadeSet& set) {
  set.picture("d/images/a.png", 280, 280);
  set.text("d/labels/a.txt", "10 10 30 10 30 20 10 20 ship 0\n10 10 30 10 30 20 10 ship 0\n");
}

TEST(DataFormats, AreListed) {
  MadeSet set;
  const Ended ended = data(set, {"formats"});
  EXPECT_EQ(ended.status, 0);
  for (const Format& format : formats()) EXPECT_NE(ended.output.find(format.name), std::string::npos) << format.name;
  EXPECT_EQ(nlohmann::json::parse(data(set, {"formats", "--json"}).output).at("formats").size(), formats().size());
}

TEST(DataCheck, EndsWithOneAndTellsWhatIsBad) {
  MadeSet set;
  writeSet(set);
  const Ended bad = data(set, {"check", "d"});
  EXPECT_EQ(bad.status, 1);
  EXPECT_NE(bad.notes.find("d/labels/a.txt:2: broken record"), std::string::npos) << bad.notes;
  EXPECT_NE(bad.output.find("objects: ship 1"), std::string::npos) << bad.output;
  const nlohmann::json told = nlohmann::json::parse(data(set, {"check", "d", "--json"}).output);
  EXPECT_EQ(told.at(0).at("format"), "dota");
  EXPECT_EQ(told.at(0).at("bad").at("records").at(0).at("where"), "d/labels/a.txt:2");
  set.text("d/labels/a.txt", "10 10 30 10 30 20 10 20 ship 0\n");
  EXPECT_EQ(data(set, {"check", "d"}).status, 0);
}

TEST(DataConvert, WritesPicturesAsSeenFromItsFile) {
  MadeSet set;
  writeSet(set);
  std::filesystem::create_directories(set / "out");
  const Ended ended =
      data(set, {"convert", "d", "--dialect", "rscovlm_hbb", "--out", "out/c.jsonl", "--pixels", "own", "--json"});
  EXPECT_EQ(ended.status, 0) << ended.notes;
  const nlohmann::json told = nlohmann::json::parse(ended.output);
  EXPECT_EQ(told.at("conversations").at("detection"), 1);
  EXPECT_EQ(told.at("bad").at("skipped"), 1);
  SkipReport report;
  const std::optional<Conversation> made = ConversationReader(set / "out/c.jsonl", report).next();
  ASSERT_TRUE(made);
  EXPECT_EQ(made->images, std::vector<std::string>{"../d/images/a.png"});
  EXPECT_EQ(made->turns.back().text, "10,10,30,20 ship\n");
}

TEST(DataConvert, RefusesWithOneLineThatHelps) {
  MadeSet set;
  writeSet(set);
  const auto refusal = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"convert", "d", "--out", "c.jsonl"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Ended ended = data(set, arguments);
    EXPECT_EQ(ended.status, 1);
    EXPECT_FALSE(std::filesystem::exists(set / "c.jsonl"));
    return ended.notes;
  };
  EXPECT_NE(refusal({"--dialect", "klingon"}).find("known are starter"), std::string::npos);
  EXPECT_NE(refusal({"--dialect", "starter", "--format", "cocoa"}).find("'coco'"), std::string::npos);
  EXPECT_NE(refusal({"--dialect", "starter", "--skip-limit", "0"}).find("d/labels/a.txt:2"), std::string::npos);
  EXPECT_NE(refusal({"--dialect", "starter", "--skip-limit", "many"}).find("many"), std::string::npos);
  EXPECT_NE(refusal({"--dialect", "starter", "--pixels", "9,1"}).find("MIN,MAX"), std::string::npos);
}

}  // namespace
}  // namespace orthoscribe::learn
