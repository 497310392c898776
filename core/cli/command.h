// SPDX-License-Identifier: GPL-2.0-or-later
// One subcommand of the program: it declares its options and says what to run.
#pragma once

#include <CLI/CLI.hpp>

namespace orthoscribe::cli {

enum ExitCode : int {
  kDone = 0,
  kFailed = 1,  // the input or the work failed; one line said why
  kUsage = 2,
  kCancelled = 130,
};

// Runs the subcommand and returns its exit code; may throw Error.
using Run = std::function<int()>;

// Declares options on `app` (the subcommand) and returns what to do once they are parsed.
struct Command {
  const char* name;
  const char* summary;
  Run (*declare)(CLI::App& app);
};

}  // namespace orthoscribe::cli
