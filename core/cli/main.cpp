// SPDX-License-Identifier: GPL-2.0-or-later
// The program: parses the command line, runs one subcommand, turns errors into words and exit codes.
#include <algorithm>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/version.h"
#include "core/cli/blas_threads.h"
#include "core/cli/commands.h"

namespace {

// CLI11 would only say that a subcommand is required.
bool namesUnknownCommand(int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-') return false;
  const auto& known = orthoscribe::cli::commands();
  return std::none_of(known.begin(), known.end(), [&](const auto& command) { return argv[1] == std::string_view(command.name); });
}

int refuseCommand(const char* name) {
  std::string known;
  for (const orthoscribe::cli::Command& command : orthoscribe::cli::commands()) known += std::string(" ") + command.name;
  std::fprintf(stderr, "orthoscribe: there is no subcommand '%s'. There are:%s\n", name, known.c_str());
  return orthoscribe::cli::kUsage;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace orthoscribe;
  cli::calmBlasThreads(argv);
  CLI::App app("Ask maps and aerial images questions.", "orthoscribe");
  app.set_version_flag("--version", std::string("orthoscribe ") + kVersion);
  app.require_subcommand(1);
  bool verbose = false;
  app.add_flag("-v,--verbose", verbose, "Log what is done to standard error");

  std::vector<std::pair<CLI::App*, cli::Run>> runs;
  for (const cli::Command& command : cli::commands()) {
    CLI::App* sub = app.add_subcommand(command.name, command.summary);
    sub->fallthrough();
    runs.emplace_back(sub, command.declare(*sub));
  }
  if (namesUnknownCommand(argc, argv)) return refuseCommand(argv[1]);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? cli::kDone : cli::kUsage;
  }
  if (verbose) log::setLevel(log::Level::Debug);
  try {
    for (const auto& [sub, run] : runs) {
      if (sub->parsed()) return run();
    }
  } catch (const Error& error) {
    if (error.code() == ErrorCode::Cancelled) {
      std::fprintf(stderr, "orthoscribe: cancelled\n");
      return cli::kCancelled;
    }
    std::fprintf(stderr, "orthoscribe: %s\n", error.what());
    return cli::kFailed;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "orthoscribe: internal error: %s\n", error.what());
    return cli::kFailed;
  }
  return cli::kUsage;
}
