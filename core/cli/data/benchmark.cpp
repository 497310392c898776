// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstdio>
#include <filesystem>
#include <memory>

#include "core/cli/command.h"
#include "core/learn/benchmark/make_benchmark.h"

namespace orthoscribe::cli {
namespace {

struct Options {
  std::filesystem::path facts;
  std::filesystem::path out;
  learn::BenchmarkOptions benchmark;
};

int makeBenchmark(const Options& options) {
  const learn::Benchmark benchmark = learn::makeBenchmark(options.facts, options.benchmark);
  learn::writeBenchmarkFolder(benchmark, options.benchmark, options.out);
  std::printf("%zu questions for training, %zu in other words, %zu about unseen facts: %s\n", benchmark.train.size(),
              benchmark.paraphrase.size(), benchmark.unseen.size(), options.out.c_str());
  return kDone;
}

}  // namespace

Run declareDataBenchmark(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("--facts", options->facts, "Folder with the tables of facts")->required()->check(CLI::ExistingDirectory);
  app.add_option("--out", options->out, "Folder to write the questions to")->required();
  app.add_option("--wordings", options->benchmark.wordings, "Wordings in which training asks for a fact, of six")
      ->check(CLI::Range(1, 6))
      ->capture_default_str();
  app.add_option("--seed", options->benchmark.seed, "Of the split and the wrong answers")->capture_default_str();
  return [options] { return makeBenchmark(*options); };
}

}  // namespace orthoscribe::cli
