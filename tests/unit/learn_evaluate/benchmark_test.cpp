// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/learn/benchmark/csv_table.h"
#include "core/learn/benchmark/fact.h"
#include "core/learn/benchmark/make_benchmark.h"
#include "core/learn/evaluate/closed_book.h"

namespace orthoscribe::learn {
namespace {

namespace fs = std::filesystem;

const fs::path kFacts = fs::path(ORTHOSCRIBE_SHARED_DIR) / "data/facts";

class BenchmarkOfTheTables : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(kFacts)) GTEST_SKIP() << "the tables of facts are not there: " << kFacts;
    benchmark_ = makeBenchmark(kFacts, {});
  }
  std::vector<BenchmarkQuestion> all() const {
    std::vector<BenchmarkQuestion> questions = benchmark_.train;
    questions.insert(questions.end(), benchmark_.paraphrase.begin(), benchmark_.paraphrase.end());
    questions.insert(questions.end(), benchmark_.unseen.begin(), benchmark_.unseen.end());
    return questions;
  }
  Benchmark benchmark_;
};

std::set<std::string> factsOf(const std::vector<BenchmarkQuestion>& questions) {
  std::set<std::string> facts;
  for (const BenchmarkQuestion& question : questions) facts.insert(question.fact);
  return facts;
}

TEST_F(BenchmarkOfTheTables, IsTheOneThatCameWithTheProgram) {
  const TemporaryDirectory folder;
  writeBenchmarkFolder(benchmark_, {}, folder.path());
  for (const char* name : {"train.jsonl", "paraphrase.jsonl", "unseen.jsonl", "README.md"}) {
    EXPECT_TRUE(readTextFile(folder.path() / name) ==
                readTextFile(fs::path(ORTHOSCRIBE_SOURCE_DIR) / "resources/benchmark" / name))
        << name << " differs from the one that the tables give";
  }
}

TEST_F(BenchmarkOfTheTables, KeepsUnseenFactsOutOfTraining) {
  const std::set<std::string> unseen = factsOf(benchmark_.unseen);
  const std::set<std::string> seen = factsOf(benchmark_.train);
  EXPECT_GT(unseen.size(), 50u);
  EXPECT_NEAR(static_cast<double>(unseen.size()) / static_cast<double>(unseen.size() + seen.size()), 0.15, 0.02);
  for (const std::string& fact : unseen) EXPECT_FALSE(seen.contains(fact)) << fact;
  EXPECT_EQ(factsOf(benchmark_.paraphrase), seen);
  // Not even as a wrong answer: the name of an index whose name is unseen is nowhere among training's names.
  for (const FactKind& kind : factKinds()) {
    if (kind.name != "index.name") continue;
    for (const Fact& fact : kind.read(kFacts)) {
      if (!unseen.contains(fact.id)) continue;
      const std::string& name = fact.values.at("name");
      for (const BenchmarkQuestion& question : benchmark_.train) {
        EXPECT_EQ(std::count(question.choices.begin(), question.choices.end(), name), 0) << question.id << ": " << name;
        EXPECT_FALSE(question.question.ends_with("the " + name + "?")) << question.id;
      }
    }
  }
}

TEST_F(BenchmarkOfTheTables, AsksInOtherWordsThanTraining) {
  std::set<std::string> trained;
  for (const BenchmarkQuestion& question : makeBenchmark(kFacts, {.wordings = 6}).train) trained.insert(question.question);
  for (const BenchmarkQuestion& question : benchmark_.paraphrase)
    EXPECT_FALSE(trained.contains(question.question)) << question.id << ": " << question.question;
}

TEST_F(BenchmarkOfTheTables, ExaminesTheSameHoweverMuchIsTrained) {
  const Benchmark more = makeBenchmark(kFacts, {.wordings = 6});
  EXPECT_EQ(more.paraphrase, benchmark_.paraphrase);
  EXPECT_EQ(more.unseen, benchmark_.unseen);
  EXPECT_GT(more.train.size(), 3 * benchmark_.train.size());
}

TEST_F(BenchmarkOfTheTables, AsksDoubtsBothWaysInFurtherRounds) {
  const Benchmark more = makeBenchmark(kFacts, {.wordings = 6, .rounds = 2});
  EXPECT_EQ(more.paraphrase, benchmark_.paraphrase);
  EXPECT_EQ(more.unseen, benchmark_.unseen);
  // By fact and by the words around its statement, which are short of the statement's last word.
  std::map<std::pair<std::string, std::string>, std::set<std::string>> answers;
  for (const BenchmarkQuestion& question : more.train) {
    if (question.type == QuestionType::Boolean) answers[{question.fact, question.question.substr(0, 12)}].insert(question.answer);
  }
  ASSERT_GT(answers.size(), 1000u);
  const auto both = std::count_if(answers.begin(), answers.end(), [](const auto& one) { return one.second.size() == 2; });
  EXPECT_GT(static_cast<double>(both), 0.95 * static_cast<double>(answers.size()));
}

TEST_F(BenchmarkOfTheTables, BalancesLettersAndStatements) {
  for (const auto& questions : {benchmark_.train, benchmark_.paraphrase, benchmark_.unseen}) {
    std::map<std::string, int> letters;
    int yes = 0;
    int no = 0;
    for (const BenchmarkQuestion& question : questions) {
      if (question.type == QuestionType::Choice) ++letters[benchmarkReply(question)];
      if (question.type == QuestionType::Boolean) ++(question.answer == "yes" ? yes : no);
    }
    ASSERT_EQ(letters.size(), 4u);
    const auto [least, most] =
        std::minmax_element(letters.begin(), letters.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    EXPECT_LE(most->second - least->second, 1);
    EXPECT_LE(std::abs(yes - no), 1);
  }
}

TEST_F(BenchmarkOfTheTables, HasOneRightAnswerToEveryQuestion) {
  std::set<std::string> ids;
  for (const BenchmarkQuestion& question : all()) {
    EXPECT_TRUE(ids.insert(question.id).second) << question.id;
    EXPECT_TRUE(closedBookRight(question, benchmarkReply(question))) << question.id << ": " << benchmarkReply(question);
    EXPECT_TRUE(closedBookRight(question, question.answer)) << question.id << ": " << question.answer;
    for (const std::string& alias : question.aliases) EXPECT_TRUE(closedBookRight(question, alias)) << question.id << alias;
    const auto right = std::count_if(question.choices.begin(), question.choices.end(),
                                     [&](const std::string& choice) { return closedBookRight(question, choice); });
    EXPECT_EQ(right, question.type == QuestionType::Choice ? 1 : 0) << question.id;
    EXPECT_FALSE(closedBookRight(question, "")) << question.id;
  }
}

TEST_F(BenchmarkOfTheTables, IsReadAsItWasWritten) {
  const TemporaryDirectory folder;
  writeBenchmarkFolder(benchmark_, {}, folder.path());
  EXPECT_EQ(readBenchmark(folder.path() / "unseen.jsonl"), benchmark_.unseen);
}

TEST(Benchmark, NamesTheLineThatIsWrong) {
  const TemporaryDirectory folder;
  const fs::path path = folder.path() / "questions.jsonl";
  writeTextFile(path, R"({"id":"1","question":"a?","type":"short","answer":"b"}
{"id":"2","question":"a?","type":"essay","answer":"b"})");
  try {
    readBenchmark(path);
    FAIL() << "a type that is not known is taken";
  } catch (const Error& error) {
    EXPECT_NE(error.message().find(":2: type: \"essay\""), std::string::npos) << error.message();
  }
}

TEST(Benchmark, MissingTablesAreNamed) {
  const TemporaryDirectory folder;
  try {
    makeBenchmark(folder.path(), {});
    FAIL() << "facts from nowhere";
  } catch (const Error& error) {
    EXPECT_NE(error.message().find("spectral-indices-dict.json"), std::string::npos) << error.message();
  }
}

TEST(CsvTable, ReadsQuotesAndRefusesRaggedRows) {
  const TemporaryDirectory folder;
  const fs::path path = folder.path() / "table.csv";
  writeTextFile(path, "a,b,c\n1,\"x, \"\"y\"\"\",3\n");
  EXPECT_EQ(CsvTable(path).at(0, "b"), "x, \"y\"");
  EXPECT_THROW(CsvTable(path).at(0, "d"), Error);
  writeTextFile(path, "a,b,c\n1,2\n");
  EXPECT_THROW(CsvTable{path}, Error);
  writeTextFile(path, "term,meaning\nCOG,tiled, with overviews\n");
  EXPECT_EQ(CsvTable(path).at(0, "meaning"), "tiled, with overviews");
}

}  // namespace
}  // namespace orthoscribe::learn
