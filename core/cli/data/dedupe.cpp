// SPDX-License-Identifier: GPL-2.0-or-later
// orthoscribe data dedupe: lists pictures that look alike. It deletes nothing.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/cli/command.h"
#include "core/cli/data/source_arguments.h"
#include "core/cli/interrupt.h"
#include "core/cli/terminal_progress.h"
#include "core/learn/data/picture_file.h"
#include "core/learn/data/processing/near_duplicates.h"

namespace orthoscribe::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  fs::path folder;
  fs::path out;
  fs::path exclude;
  learn::DuplicateOptions duplicates;
  std::string skipLimit = "1%";
};

std::vector<std::string> picturesBelow(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && learn::looksLikePicture(entry.path()))
      names.push_back(entry.path().lexically_relative(folder).generic_string());
  }
  if (names.empty()) throw Error(ErrorCode::NotFound, folder.string() + " holds no pictures");
  std::sort(names.begin(), names.end());
  return names;
}

int dedupe(const Options& options) {
  const CancelToken cancel = interruptToken();
  learn::SkipReport report(skipLimitOf(options.skipLimit));
  learn::DuplicateReport duplicates;
  {
    TerminalProgress progress("Looking");
    duplicates = learn::findDuplicates(
        options.folder, picturesBelow(options.folder), options.duplicates, report,
        [&](const Progress& state) { progress.show(state); }, cancel);
  }
  tellSkipped(report, 20);
  learn::writeDuplicates(duplicates, options.duplicates, options.out);
  const std::vector<std::string> excluded = duplicates.excluded();
  if (!options.exclude.empty()) {
    std::string lines;
    for (const std::string& name : excluded) lines += name + "\n";
    writeTextFile(options.exclude, lines);
  }
  std::printf("%zu groups of look-alikes among %lld pictures, %zu pictures more than one of each: %s\n", duplicates.groups.size(),
              static_cast<long long>(duplicates.pictures), excluded.size(), options.out.c_str());
  return kDone;
}

}  // namespace

Run declareDataDedupe(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("folder", options->folder, "Folder of pictures, with those in it")->required()->check(CLI::ExistingDirectory);
  app.add_option("--out", options->out, "JSON file for the groups, names relative to the folder")->required();
  app.add_option("--exclude", options->exclude, "File for a list of all but the largest of each group, one a line");
  app.add_option("--distance", options->duplicates.distance, "Bits of 64 in which hashes of look-alikes may differ")
      ->check(CLI::Range(0, 16))
      ->capture_default_str();
  app.add_flag("--turned", options->duplicates.turned, "Find copies too that were turned or mirrored");
  app.add_option("--threads", options->duplicates.threads, "0: all cores")->capture_default_str();
  app.add_option("--skip-limit", options->skipLimit, "Unreadable pictures to pass over at most: a number, or a share like 2%")
      ->capture_default_str();
  app.footer("Nothing is deleted; 'data split' takes both files. Pictures that show neighbouring places are not look-alikes.");
  return [options] { return dedupe(*options); };
}

}  // namespace orthoscribe::cli
