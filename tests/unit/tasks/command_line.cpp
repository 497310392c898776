// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/tasks/command_line.h"

#include "core/base/files.h"

namespace orthoscribe::tests {

std::unique_ptr<ChildProcess> startProgram(const std::filesystem::path& folder, const std::vector<std::string>& arguments) {
  // The shell keeps both outputs apart and is replaced by the program, so that signals reach it.
  std::vector<std::string> command = {"/bin/sh", "-c", "cd \"$0\" && exec \"$@\" 2>notes.txt", folder.string(),
                                      ORTHOSCRIBE_PROGRAM};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return std::make_unique<ChildProcess>(command, std::vector<std::string>{std::string("ORTHOSCRIBE_TOKEN=") + kServerToken});
}

Ended ended(ChildProcess& program, const std::filesystem::path& folder) {
  Ended result;
  result.status = program.waitForEnd(std::chrono::seconds(120)).value_or(-1000);
  result.output = program.output();
  result.notes = readTextFile(folder / "notes.txt");
  return result;
}

Ended runProgram(const std::filesystem::path& folder, const std::vector<std::string>& arguments) {
  return ended(*startProgram(folder, arguments), folder);
}

}  // namespace orthoscribe::tests
