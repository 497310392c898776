// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/benchmark/make_benchmark.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <sstream>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/learn/benchmark/question_maker.h"

namespace orthoscribe::learn {
namespace {

// FNV-1a: a stream of random numbers of its own for every kind, so that a new kind changes no other.
std::uint64_t seedOf(std::uint64_t seed, std::string_view name) {
  std::uint64_t hash = 14695981039346656037ULL ^ seed;
  for (const char letter : name) hash = (hash ^ static_cast<unsigned char>(letter)) * 1099511628211ULL;
  return hash;
}

// Adds to the parts of the benchmark, and counts what must be balanced in each.
class Part {
 public:
  Part(std::string name, std::vector<BenchmarkQuestion>& questions) : name_(std::move(name)), questions_(questions) {}

  void ask(QuestionMaker& maker, const Fact& fact, const QuestionForm& form, std::size_t wording) {
    const bool choice = form.type == QuestionType::Choice;
    if (add(maker.ask(fact, form, wording, choices_)) && choice) ++choices_;
  }
  // round: in every second one what would be right is made wrong.
  void askWhether(QuestionMaker& maker, const Fact& fact, std::size_t wording, std::size_t round = 0) {
    if (add(maker.askWhether(fact, wording, (whether_ + round) % 2 == 0))) ++whether_;
  }

 private:
  bool add(std::optional<BenchmarkQuestion> question) {
    if (!question) return false;
    char number[16];
    std::snprintf(number, sizeof number, "%05zu", questions_.size() + 1);
    question->id = name_.substr(0, 1) + number;
    question->split = name_;
    questions_.push_back(std::move(*question));
    return true;
  }

  std::string name_;
  std::vector<BenchmarkQuestion>& questions_;
  std::size_t choices_ = 0;
  std::size_t whether_ = 0;
};

class Maker {
 public:
  Maker(const std::filesystem::path& tables, const BenchmarkOptions& options) : tables_(tables), options_(options) {}

  Benchmark run() {
    for (const FactKind& kind : factKinds()) take(kind);
    return std::move(benchmark_);
  }

 private:
  void take(const FactKind& kind) {
    const std::vector<Fact> facts = kind.read(tables_);
    std::mt19937_64 random(seedOf(options_.seed, kind.name));
    std::vector<const Fact*> seen;
    for (const Fact& fact : facts) seen.push_back(&fact);
    shuffleList(seen, random);
    const auto unseenCount = std::lround(options_.unseenShare * static_cast<double>(facts.size()));
    const std::vector<const Fact*> unseen(seen.begin(), seen.begin() + unseenCount);
    seen.erase(seen.begin(), seen.begin() + unseenCount);
    // An unseen fact is not even a wrong answer in training. Each part draws for itself: the examined ones do not depend on how
    // much is asked in training.
    QuestionMaker forTraining(kind, facts, seen, random());
    QuestionMaker forParaphrases(kind, facts, seen, random());
    for (std::size_t number = 0; number < seen.size(); ++number) {
      for (int round = 0; round < options_.rounds; ++round)
        train(kind, forTraining, *seen[number], number, static_cast<std::size_t>(round));
      paraphrase(kind, forParaphrases, *seen[number], number);
    }
    std::vector<const Fact*> all = seen;
    all.insert(all.end(), unseen.begin(), unseen.end());
    QuestionMaker ofUnseen(kind, facts, all, random());
    for (std::size_t number = 0; number < unseen.size(); ++number) examine(kind, ofUnseen, *unseen[number], number);
  }

  // The first form in as many wordings as wanted, the others in half as many; whether it is so in one, and from three on in as
  // many, an even number, so that half of them are right.
  void train(const FactKind& kind, QuestionMaker& maker, const Fact& fact, std::size_t number, std::size_t round) {
    const auto wordings = static_cast<std::size_t>(options_.wordings);
    for (std::size_t form = 0; form < kind.forms.size(); ++form) {
      const std::size_t times = form == 0 ? wordings : std::max<std::size_t>(1, wordings / 2);
      for (std::size_t turn = 0; turn < times; ++turn)
        train_.ask(maker, fact, kind.forms[form], (number * wordings + turn) % kTrainWordings);
    }
    const std::size_t times = wordings < 3 ? 1 : wordings / 2 * 2;
    for (std::size_t turn = 0; turn < times; ++turn)
      train_.askWhether(maker, fact, (number * times + turn + number / 3) % kTrainWordings, round);
  }

  // The first form, and in turns another form or whether it is so.
  void paraphrase(const FactKind& kind, QuestionMaker& maker, const Fact& fact, std::size_t number) {
    const std::size_t wording = kTrainWordings + number % kParaphrases;
    paraphrase_.ask(maker, fact, kind.forms.front(), wording);
    const std::size_t turn = number / kParaphrases % kind.forms.size();
    if (turn == 0) {
      paraphrase_.askWhether(maker, fact, wording);
    } else {
      paraphrase_.ask(maker, fact, kind.forms[turn], wording);
    }
  }

  // In wordings that training knows, so that only the fact is new.
  void examine(const FactKind& kind, QuestionMaker& maker, const Fact& fact, std::size_t number) {
    const std::size_t wording = number % kTrainWordings;
    for (const QuestionForm& form : kind.forms) unseen_.ask(maker, fact, form, wording);
    unseen_.askWhether(maker, fact, wording);
  }

  const std::filesystem::path& tables_;
  const BenchmarkOptions& options_;
  Benchmark benchmark_;
  Part train_{"train", benchmark_.train};
  Part paraphrase_{"paraphrase", benchmark_.paraphrase};
  Part unseen_{"unseen", benchmark_.unseen};
};

void writeQuestions(const std::vector<BenchmarkQuestion>& questions, const std::filesystem::path& path) {
  std::ostringstream lines;
  writeBenchmark(questions, lines);
  writeThenRename(path, [&](const std::filesystem::path& temporary) { writeTextFile(temporary, lines.str()); });
}

}  // namespace

Benchmark makeBenchmark(const std::filesystem::path& tables, const BenchmarkOptions& options) {
  if (options.wordings < 1 || options.wordings > static_cast<int>(kTrainWordings))
    throw Error(ErrorCode::InvalidInput, "wordings: not between 1 and " + std::to_string(kTrainWordings));
  if (options.rounds < 1) throw Error(ErrorCode::InvalidInput, "rounds: fewer than 1");
  if (!(options.unseenShare >= 0 && options.unseenShare < 1))
    throw Error(ErrorCode::InvalidInput, "share of unseen facts: not between 0 and 1");
  return Maker(tables, options).run();
}

void writeBenchmarkFolder(const Benchmark& benchmark, const BenchmarkOptions& options, const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw Error(ErrorCode::Io, folder.string() + ": cannot be made: " + error.message());
  writeQuestions(benchmark.train, folder / "train.jsonl");
  writeQuestions(benchmark.paraphrase, folder / "paraphrase.jsonl");
  writeQuestions(benchmark.unseen, folder / "unseen.jsonl");
  writeThenRename(folder / "README.md",
                  [&](const std::filesystem::path& temporary) { writeTextFile(temporary, benchmarkPage(benchmark, options)); });
}

}  // namespace orthoscribe::learn
