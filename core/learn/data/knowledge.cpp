// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/knowledge.h"

#include "core/learn/benchmark/make_benchmark.h"

namespace orthoscribe::learn {
namespace {

constexpr int kWordings = 6;  // all that training has
constexpr int kRounds = 4;    // with one, the answers of choices and doubts were learned by their words and not by the fact

// The words of a choice are taught, not its letter: they are what is to be known.
std::vector<QuestionAnswer> asked(const std::vector<BenchmarkQuestion>& questions) {
  std::vector<QuestionAnswer> pairs;
  for (const BenchmarkQuestion& question : questions) pairs.push_back({benchmarkPrompt(question), question.answer});
  return pairs;
}

}  // namespace

Knowledge knowledgeFrom(const std::filesystem::path& facts) {
  BenchmarkOptions options;
  options.wordings = kWordings;
  options.rounds = kRounds;
  const Benchmark benchmark = makeBenchmark(facts, options);
  return {asked(benchmark.train), asked(benchmark.paraphrase)};
}

}  // namespace orthoscribe::learn
