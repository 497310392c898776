// SPDX-License-Identifier: GPL-2.0-or-later
// orthoscribe data split: divides conversations by their source pictures.
#include <cstdio>
#include <memory>
#include <sstream>
#include <string>

#include "core/base/files.h"
#include "core/cli/command.h"
#include "core/cli/data/source_arguments.h"
#include "core/learn/data/processing/conversation_split.h"
#include "core/learn/data/processing/near_duplicates.h"

namespace orthoscribe::cli {
namespace {

struct Options {
  std::filesystem::path input;
  std::filesystem::path out;
  std::vector<std::string> sides = {"train=0.8", "val=0.1", "test=0.1"};
  std::uint64_t seed = 42;
  std::filesystem::path duplicates;
  std::filesystem::path exclude;
  std::string skipLimit = "1%";
};

std::set<std::string> linesOf(const std::filesystem::path& path) {
  std::set<std::string> names;
  std::istringstream lines(readTextFile(path));
  for (std::string line; std::getline(lines, line);) {
    if (line.ends_with('\r')) line.pop_back();
    if (!line.empty()) names.insert(line);
  }
  return names;
}

int split(const Options& options) {
  learn::ConversationSplitOptions how;
  for (const std::string& side : options.sides) how.sides.push_back(learn::parseSplitSide(side));
  how.seed = options.seed;
  if (!options.duplicates.empty()) how.lookAlikes = learn::readDuplicates(options.duplicates);
  if (!options.exclude.empty()) how.excluded = linesOf(options.exclude);
  learn::SkipReport report(skipLimitOf(options.skipLimit));
  const auto sides = learn::splitConversations(options.input, options.out, how, report);
  tellSkipped(report, 20);
  for (const learn::SideSummary& side : sides) {
    std::printf("%s: %lld conversations about %lld source pictures: %s\n", side.name.c_str(),
                static_cast<long long>(side.conversations), static_cast<long long>(side.sources), side.file.c_str());
  }
  return kDone;
}

}  // namespace

Run declareDataSplit(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("conversations", options->input, "File of conversations")->required()->check(CLI::ExistingFile);
  app.add_option("--out", options->out, "Folder for one file a side and split.json")->required();
  app.add_option("--side", options->sides, "Name and share of a side, several times")
      ->type_name("NAME=SHARE")
      ->capture_default_str();
  app.add_option("--seed", options->seed, "Of the choice among equals")->capture_default_str();
  app.add_option("--duplicates", options->duplicates, "Groups of look-alikes that stay together, from 'data dedupe'")
      ->check(CLI::ExistingFile);
  app.add_option("--exclude", options->exclude, "List of pictures to leave out, one a line")->check(CLI::ExistingFile);
  app.add_option("--skip-limit", options->skipLimit, "Bad lines to pass over at most: a number, or a share like 2%")
      ->capture_default_str();
  app.footer(
      "No source picture is on two sides: neither its tiles, nor its look-alikes. Names of pictures in both lists are those "
      "of the conversations.");
  return [options] { return split(*options); };
}

}  // namespace orthoscribe::cli
