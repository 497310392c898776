// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/cli/command.h"
#include "core/cli/interrupt.h"
#include "core/engine/verify/fixtures.h"
#include "core/learn/verify/kinds.h"

namespace orthoscribe::cli {
namespace {

struct Options {
  std::vector<std::string> paths;
  std::vector<std::string> only;
  bool list = false;
};

std::vector<engine::verify::FixtureKind> allKinds() {
  std::vector<engine::verify::FixtureKind> kinds = engine::verify::fixtureKinds();
  const auto& learnt = learn::verify::fixtureKinds();
  kinds.insert(kinds.end(), learnt.begin(), learnt.end());
  return kinds;
}

int verify(const Options& options) {
  using namespace engine::verify;
  const CancelToken cancel = interruptToken();
  const std::vector<std::filesystem::path> paths(options.paths.begin(), options.paths.end());
  const std::vector<FoundCase> cases = pickCases(findCases(paths, allKinds()), options.only);
  if (options.list) {
    for (const FoundCase& found : cases) std::printf("%s\n", found.name.c_str());
    return kDone;
  }
  std::vector<CaseResult> results;
  for (const FoundCase& found : cases) {
    cancel.throwIfCancelled();
    results.push_back(runCase(found));
    std::printf("%s\n", lineOf(results.back()).c_str());
    std::fflush(stdout);
  }
  std::printf("\n");
  for (const std::string& line : summaryOf(results)) std::printf("%s\n", line.c_str());
  for (const CaseResult& result : results)
    if (!result.holds()) return kFailed;
  return kDone;
}

}  // namespace

Run declareVerify(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("path", options->paths, "Folders of fixtures, models with cases, or single cases")->required();
  app.add_option(
         "--only", options->only,
         "Cases to run: a path from the top (qwen2_tiny, 'phi3_*/case_01*'), else a part of one (case_02_chat), else any piece")
      ->expected(1, -1);
  app.add_flag("--list", options->list, "Name the cases, do not run them");
  return [options] { return verify(*options); };
}

}  // namespace orthoscribe::cli
