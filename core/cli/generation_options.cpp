// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/cli/generation_options.h"

namespace orthoscribe::cli {
namespace {

constexpr const char* kGroup = "Generation";

}  // namespace

void declareGeneration(CLI::App& app, GenerationOptions& options) {
  CLI::Option* temperature =
      app.add_option("--temperature", options.temperature, "0: always the most probable word; more: more chance")
          ->check(CLI::Range(0.0, 2.0))
          ->capture_default_str()
          ->group(kGroup);
  app.add_option("--top-p", options.topP, "Draw from the most probable words that have this share together")
      ->check(CLI::Range(1e-6, 1.0))
      ->capture_default_str()
      ->group(kGroup);
  app.add_option("--top-k", options.topK, "Draw from so many of the most probable words; 0: all")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str()
      ->group(kGroup);
  app.add_option("--min-p", options.minP, "Draw no word less probable than this share of the most probable one")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str()
      ->group(kGroup);
  app.add_option("--repetition-penalty", options.repetitionPenalty, "Above 1: words that were said become less probable")
      ->check(CLI::Range(0.01, 100.0))
      ->type_name("FACTOR")
      ->group(kGroup);
  app.add_option("--beams", options.beams, "Answers that are followed side by side, for the most probable one")
      ->check(CLI::Range(1, 16))
      ->excludes(temperature)
      ->group(kGroup);
  app.add_option("--length-penalty", options.lengthPenalty, "With beams: above 0 prefers longer answers, below 0 shorter ones")
      ->check(CLI::Range(-10.0, 10.0))
      ->group(kGroup);
  app.add_option("--seed", options.seed, "With a temperature: the same number gives the same answer")->group(kGroup);
  app.add_flag_callback(
         "--allow-repetition", [&options] { options.repetitionGuard = false; },
         "Do not end an answer that repeats itself without end")
      ->group(kGroup);
}

}  // namespace orthoscribe::cli
