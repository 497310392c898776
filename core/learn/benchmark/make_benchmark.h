// SPDX-License-Identifier: GPL-2.0-or-later
// The closed-book benchmark: all questions about all facts, divided by facts and by wordings.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/learn/benchmark/benchmark_question.h"

namespace orthoscribe::learn {

struct BenchmarkOptions {
  std::uint64_t seed = 20;
  double unseenShare = 0.15;  // of the facts of every kind: they appear in no training question
  // How many of the six training wordings a fact is asked in; which ones goes round from fact to fact. Only the training part
  // depends on it.
  int wordings = 2;
  // How often training asks each choice with options drawn anew, and whether a fact is so with another wrong value and the other
  // way round. Only the training part depends on it.
  int rounds = 1;
};

struct Benchmark {
  std::vector<BenchmarkQuestion> train;
  std::vector<BenchmarkQuestion> paraphrase;  // facts of the training part in wordings that it does not use
  std::vector<BenchmarkQuestion> unseen;      // facts that it does not have
};

// tables: the folder with the tables of facts. The same tables and options give the same questions, on every machine.
// Throws Error{NotFound, Io or InvalidInput} naming the file.
Benchmark makeBenchmark(const std::filesystem::path& tables, const BenchmarkOptions& options);

// Writes train.jsonl, paraphrase.jsonl, unseen.jsonl and README.md into the folder, which is made where it is missing.
// Throws Error{Io}.
void writeBenchmarkFolder(const Benchmark& benchmark, const BenchmarkOptions& options, const std::filesystem::path& folder);

// README.md of the folder: kinds of questions, counts, how it was split and is scored, whose the facts are.
std::string benchmarkPage(const Benchmark& benchmark, const BenchmarkOptions& options);

}  // namespace orthoscribe::learn
