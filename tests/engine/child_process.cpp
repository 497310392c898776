// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/engine/child_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

namespace orthoscribe::tests {
namespace {

std::vector<char*> pointersTo(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& command, const std::vector<std::string>& environment) {
  int input[2];
  int output[2];
  if (pipe2(input, O_CLOEXEC) != 0 || pipe2(output, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output[1], STDERR_FILENO);
  std::vector<std::string> arguments = command;
  std::vector<std::string> variables = environment;
  for (char** variable = environ; *variable; ++variable) variables.emplace_back(*variable);
  const int failed =
      posix_spawn(&pid_, command[0].c_str(), &actions, nullptr, pointersTo(arguments).data(), pointersTo(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  close(input[0]);
  close(output[1]);
  input_ = input[1];
  if (failed != 0) throw std::runtime_error("cannot start " + command[0]);
  reader_ = std::thread([this, descriptor = output[0]] { readOutput(descriptor); });
}

ChildProcess::~ChildProcess() {
  if (!status_) {
    kill(pid_, SIGKILL);
    waitForEnd(std::chrono::seconds(10));
  }
  closeInput();
  reader_.join();
}

void ChildProcess::readOutput(int descriptor) {
  char buffer[4096];
  for (ssize_t count = 0; (count = read(descriptor, buffer, sizeof buffer)) > 0;) {
    const std::lock_guard lock(mutex_);
    output_.append(buffer, static_cast<std::size_t>(count));
    grown_.notify_all();
  }
  close(descriptor);
}

std::string ChildProcess::output() const {
  const std::lock_guard lock(mutex_);
  return output_;
}

bool ChildProcess::waitForOutput(const std::string& text, std::chrono::milliseconds patience) const {
  std::unique_lock lock(mutex_);
  return grown_.wait_for(lock, patience, [&] { return output_.find(text) != std::string::npos; });
}

void ChildProcess::signal(int number) const {
  kill(pid_, number);
}

void ChildProcess::closeInput() {
  if (input_ >= 0) close(input_);
  input_ = -1;
}

std::optional<int> ChildProcess::waitForEnd(std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!status_) {
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) == pid_) {
      status_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    } else if (std::chrono::steady_clock::now() > deadline) {
      return std::nullopt;
    } else {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
  return status_;
}

}  // namespace orthoscribe::tests
