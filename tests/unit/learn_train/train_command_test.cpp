// SPDX-License-Identifier: GPL-2.0-or-later
// The program itself, killed by the system ten times at random steps, ends with the weights of a run that nothing disturbed.
#include <ATen/ATen.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <random>
#include <thread>

#include "core/base/files.h"
#include "core/learn/train/stage_runner.h"
#include "tests/unit/learn_train/tiny_family.h"

namespace orthoscribe::learn {
namespace {

constexpr const char* kConfig = R"(model: base
output: whole
threads: 1
device: cpu
data: {facts: facts.jsonl}
adapter: {kind: mole, experts: 3, top_k: 2, rank: 2, dropout: 0.1}
stages:
  - {kind: tasks, data: facts, trains: [experts, routers], losses: {cross_entropy: 1, usage_entropy: 0.05}, accumulate: 2,
     learning_rate: 1.0e-2, batch: 2, steps: 70, save_every: 3, log_every: 1}
  - {kind: preference, data: facts, trains: experts, learning_rate: 1.0e-3, batch: 2, steps: 40, save_every: 3, log_every: 1}
)";

class TrainCommand : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(ORTHOSCRIBE_PROGRAM)) GTEST_SKIP() << "the program is not built: " << ORTHOSCRIBE_PROGRAM;
    writeTinyLlama(folder_.path() / "base");
    std::ofstream stream(folder_.path() / "facts.jsonl");
    for (int index = 0; index < 7; ++index) {
      Conversation fact = talk({"Fact " + std::to_string(index), "It is " + std::to_string(index * index)});
      fact.rejected = "It is unknown";
      writeConversation(stream, fact);
    }
    writeTextFile(folder_.path() / "run.yaml", kConfig);
  }

  pid_t start(const std::string& output, bool resume, const std::vector<std::string>& more = {},
              const std::vector<std::string>& variables = {}) {
    std::vector<std::string> texts = {ORTHOSCRIBE_PROGRAM, "train", folder_.path() / "run.yaml", "--output",
                                      folder_.path() / output};
    if (resume) texts.emplace_back("--resume");
    texts.insert(texts.end(), more.begin(), more.end());
    std::vector<char*> arguments;
    for (std::string& text : texts) arguments.push_back(text.data());
    arguments.push_back(nullptr);
    std::vector<std::string> set = variables;
    for (char** one = environ; *one; ++one) set.emplace_back(*one);
    std::vector<char*> environment;
    for (std::string& text : set) environment.push_back(text.data());
    environment.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    const std::string log = folder_.path() / "log";
    for (const int file : {1, 2})
      posix_spawn_file_actions_addopen(&actions, file, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    pid_t process = 0;
    EXPECT_EQ(posix_spawn(&process, texts.front().c_str(), &actions, nullptr, arguments.data(), environment.data()), 0);
    posix_spawn_file_actions_destroy(&actions);
    return process;
  }

  static int statusOf(pid_t process) {
    int status = 0;
    waitpid(process, &status, 0);
    return status;
  }

  std::string log() const { return readTextFile(folder_.path() / "log"); }

  // Steps told by the curves of both stages.
  std::int64_t rows(const std::string& output) const {
    std::int64_t lines = 0;
    for (const auto& [number, stage] : {std::pair{1, "tasks"}, {2, "preference"}}) {
      std::ifstream stream(stageFiles(folder_.path() / output, static_cast<std::size_t>(number), stage).curves);
      lines += std::max<std::int64_t>(0, std::count(std::istreambuf_iterator<char>(stream), {}, '\n') - 1);
    }
    return lines;
  }

  // Sends it a signal after so many steps. Returns its status, which tells whether it came to its end before.
  int signalAfter(pid_t process, const std::string& output, std::int64_t steps, int signal) {
    int status = 0;
    while (waitpid(process, &status, WNOHANG) == 0) {
      if (rows(output) >= steps) {
        kill(process, signal);
        return statusOf(process);
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return status;
  }

  TemporaryDirectory folder_;
};

TEST_F(TrainCommand, KilledTenTimesGivesTheSameWeights) {
  ASSERT_EQ(statusOf(start("whole", false)), 0) << log();
  std::mt19937 random(8);
  int killed = 0;
  std::int64_t at = 0;
  for (; killed < 10; ++killed) {
    at = std::max(at, rows("parts")) + std::uniform_int_distribution<int>(1, 8)(random);
    if (!WIFSIGNALED(signalAfter(start("parts", killed > 0), "parts", at, SIGKILL))) break;
  }
  EXPECT_EQ(killed, 10) << "killed after step " << at << "\n" << log();
  ASSERT_EQ(statusOf(start("parts", true)), 0) << log();
  const model::SafetensorsFile one(folder_.path() / "whole/adapter_model.safetensors");
  const model::SafetensorsFile other(folder_.path() / "parts/adapter_model.safetensors");
  ASSERT_FALSE(one.entries().empty());
  for (const auto& [name, entry] : one.entries()) EXPECT_TRUE(at::equal(one.tensor(name), other.tensor(name))) << name;
  EXPECT_EQ(rows("parts"), rows("whole"));
}

TEST_F(TrainCommand, TwoProcessesAreOneWithTwiceTheBatch) {
  const std::vector<std::string> common = {
      "--set", "adapter.dropout=0", "--set", "stages.0.accumulate=1",        "--set", "stages.0.steps=4",
      "--set", "stages.1.steps=3",  "--set", "stages.0.learning_rate=1.0e-3"};
  std::vector<std::string> twice = common;
  twice.insert(twice.end(), {"--set", "stages.0.batch=4", "--set", "stages.1.batch=4"});
  ASSERT_EQ(statusOf(start("one", false, twice)), 0) << log();
  const std::string port = "MASTER_PORT=" + std::to_string(20000 + getpid() % 20000);
  std::vector<pid_t> processes;
  for (const char* rank : {"0", "1"})
    processes.push_back(start("both", false, common,
                              {std::string("OMPI_COMM_WORLD_RANK=") + rank, "OMPI_COMM_WORLD_SIZE=2",
                               std::string("OMPI_COMM_WORLD_LOCAL_RANK=") + rank, port}));
  for (const pid_t process : processes) EXPECT_EQ(statusOf(process), 0) << log();
  EXPECT_NE(log().find("2 processes, started by MPI"), std::string::npos) << log();
  const model::SafetensorsFile one(folder_.path() / "one/adapter_model.safetensors");
  const model::SafetensorsFile both(folder_.path() / "both/adapter_model.safetensors");
  for (const auto& [name, entry] : one.entries())
    EXPECT_LT((one.tensor(name) - both.tensor(name)).abs().max().item<double>(), 2e-5) << name;
}

TEST_F(TrainCommand, AWrongKeyIsOneLineAndExitOne) {
  const int status = statusOf(start("out", false, {"--set", "stages.0.stepz=3"}));
  EXPECT_EQ(WEXITSTATUS(status), 1);
  EXPECT_NE(log().find("the nearest known key is 'steps'"), std::string::npos) << log();
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "out"));
}

TEST_F(TrainCommand, ASignalStopsItWithACheckpoint) {
  EXPECT_EQ(WEXITSTATUS(signalAfter(start("out", false), "out", 5, SIGINT)), 130) << log();
  EXPECT_NE(log().find("go on with --resume"), std::string::npos) << log();
  EXPECT_EQ(statusOf(start("out", true)), 0) << log();
}

}  // namespace
}  // namespace orthoscribe::learn
