// SPDX-License-Identifier: GPL-2.0-or-later
// Two processes give what one gives with twice the batch. The worker is this program again, with the variables that a starter
// would set.
#include "core/learn/train/data_parallel.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <map>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/learn/train/stage_checkpoint.h"
#include "core/learn/train/stage_runner.h"
#include "tests/unit/learn_train/toy_model.h"

namespace orthoscribe::learn {
namespace {

constexpr const char* kTask = "ORTHOSCRIBE_TEST_RANK_TASK";  // "tasks", "preference", "broken"
constexpr const char* kFolder = "ORTHOSCRIBE_TEST_RANK_FOLDER";

StageConfig stageFor(const std::string& task) {
  StageConfig stage;
  stage.name = task;
  stage.trains = {"all"};
  stage.steps = 6;
  stage.learningRate = 1e-3;
  stage.warmUp = 0;
  stage.logEvery = 2;
  if (task == "preference")
    stage.losses = {{.name = "mpo"}};
  else
    stage.losses = {{.name = "cross_entropy"},
                    {.name = "topk_entropy", .weight = 0.1},
                    {.name = "usage_entropy", .weight = 0.5},
                    {.name = "modality_switch_balance", .weight = 0.1},
                    {.name = "modality_balance"}};
  return stage;
}

// Lessons count differently, and the first half of a batch of eight has pictures.
void makeUneven(std::int64_t first, AnswerBatch& batch) {
  const torch::Tensor lesson = batch.answers + first;
  batch.weights = batch.weights * (1 + lesson.remainder(8).to(at::kFloat));
  const torch::Tensor numbers = at::arange(batch.isText.size(0)) + first;
  const torch::Tensor pictured = numbers.remainder(8).lt(4).unsqueeze(1).logical_and(at::arange(kToyTokens).lt(2).unsqueeze(0));
  batch.isImage = batch.isText.logical_and(pictured);
  batch.isText = batch.isText.logical_and(pictured.logical_not());
}

void train(const std::string& task, std::int64_t lessons, const std::filesystem::path& output, const RankGroup& ranks) {
  at::set_num_threads(1);
  ToyModel model;
  ToyStream stream(model, lessons, task == "preference");
  stream.change = [&](std::int64_t number, AnswerBatch& batch) {
    if (task != "preference") makeUneven(number * lessons, batch);
    if (task == "broken" && number == 5) batch.logits = batch.logits * std::nan("");
  };
  const StageConfig stage = stageFor(task);
  StageRunner(model.store(), stream, stage, stageFiles(output, 1, task), ranks).run(false, {}, {});
}

int freePort() {
  const int file = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(file, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      getsockname(file, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("no free port");
  close(file);
  return ntohs(address.sin_port);
}

class Processes {
 public:
  void start(const std::map<std::string, std::string>& variables) {
    std::vector<std::string> texts;
    for (char** one = environ; *one; ++one) texts.emplace_back(*one);
    for (const auto& [name, value] : variables) texts.push_back(name + "=" + value);
    std::vector<char*> environment;
    for (std::string& text : texts) environment.push_back(text.data());
    environment.push_back(nullptr);
    std::string program = std::filesystem::read_symlink("/proc/self/exe"), filter = "--gtest_filter=RankWorker.*";
    char* arguments[] = {program.data(), filter.data(), nullptr};
    pid_t process = 0;
    ASSERT_EQ(posix_spawn(&process, program.c_str(), nullptr, nullptr, arguments, environment.data()), 0);
    processes_.push_back(process);
  }
  void wait() {
    for (const pid_t process : processes_) {
      int status = 0;
      ASSERT_EQ(waitpid(process, &status, 0), process);
      EXPECT_EQ(status, 0);
    }
    processes_.clear();
  }

 private:
  std::vector<pid_t> processes_;
};

// Not a test of its own: what the spawned processes run.
TEST(RankWorker, Trains) {
  const char* task = std::getenv(kTask);
  if (!task) GTEST_SKIP() << "run by the tests of several processes";
  const std::filesystem::path folder = std::getenv(kFolder);
  const auto place = readRankPlace([](const char* name) -> const char* { return std::getenv(name); });
  ASSERT_TRUE(place);
  const RankGroup ranks(*place, torch::kCPU);
  try {
    train(task, 4, folder, ranks);
  } catch (const Error& error) {
    writeTextFile(folder / ("error" + std::to_string(place->rank)), error.what());
  }
}

class TwoProcesses : public testing::TestWithParam<std::string> {
 protected:
  void runBoth(const std::string& task) {
    const std::string port = std::to_string(freePort());
    Processes processes;
    for (int rank = 0; rank < 2; ++rank)
      processes.start({{"RANK", std::to_string(rank)},
                       {"WORLD_SIZE", "2"},
                       {"LOCAL_RANK", std::to_string(rank)},
                       {"MASTER_ADDR", "127.0.0.1"},
                       {"MASTER_PORT", port},
                       {kTask, task},
                       {kFolder, folder_.path() / "both"}});
    processes.wait();
  }
  TemporaryDirectory folder_;
};

TEST_P(TwoProcesses, GiveWhatOneGivesWithTwiceTheBatch) {
  std::filesystem::create_directories(folder_.path() / "both");
  runBoth(GetParam());
  train(GetParam(), 8, folder_.path() / "one", RankGroup());
  ToyModel both, one, fresh;
  loadStageWeights(stageFiles(folder_.path() / "both", 1, GetParam()).checkpoint, both.store());
  loadStageWeights(stageFiles(folder_.path() / "one", 1, GetParam()).checkpoint, one.store());
  for (std::size_t index = 0; index < one.store().parameters().size(); ++index) {
    const Parameter& expected = one.store().parameters()[index];
    const torch::Tensor found = both.store().parameters()[index].value;
    // Sums in another order, which six steps of AdamW at a rate of 1e-3 carry along.
    EXPECT_LT((found - expected.value).abs().max().item<double>(), 1e-5) << expected.name;
    EXPECT_GT((found - fresh.store().parameters()[index].value).abs().max().item<double>(), 1e-3) << expected.name;
  }
}

INSTANTIATE_TEST_SUITE_P(Stages, TwoProcesses, testing::Values("tasks", "preference"),
                         [](const auto& stage) { return stage.param; });

class OneBreaks : public TwoProcesses {};

TEST_P(OneBreaks, AndBothStopAtTheSameStep) {
  std::filesystem::create_directories(folder_.path() / "both");
  runBoth("broken");
  for (const char* name : {"error0", "error1"}) {
    const std::string message = readTextFile(folder_.path() / "both" / name);
    EXPECT_NE(message.find("stage broken, step 3"), std::string::npos) << message;
    EXPECT_NE(message.find("'cross_entropy' is not a number"), std::string::npos) << message;
  }
  EXPECT_EQ(readStageProgress(stageFiles(folder_.path() / "both", 1, "broken").checkpoint).step, 2);
}

INSTANTIATE_TEST_SUITE_P(Once, OneBreaks, testing::Values("broken"));

std::optional<RankPlace> placeIn(const std::map<std::string, std::string>& variables) {
  return readRankPlace([&](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  });
}

TEST(RankPlace, IsReadFromEveryStarter) {
  EXPECT_FALSE(placeIn({}));
  EXPECT_FALSE(placeIn({{"RANK", "0"}, {"WORLD_SIZE", "1"}}));
  const auto torchrun =
      placeIn({{"RANK", "3"}, {"WORLD_SIZE", "8"}, {"LOCAL_RANK", "1"}, {"MASTER_ADDR", "head"}, {"MASTER_PORT", "4000"}});
  ASSERT_TRUE(torchrun);
  EXPECT_EQ(torchrun->rank, 3);
  EXPECT_EQ(torchrun->size, 8);
  EXPECT_EQ(torchrun->localRank, 1);
  EXPECT_EQ(torchrun->address, "head");
  EXPECT_EQ(torchrun->port, 4000);
  const auto slurm =
      placeIn({{"SLURM_PROCID", "5"}, {"SLURM_NTASKS", "6"}, {"SLURM_LOCALID", "1"}, {"SLURM_NODELIST", "gpu[07-09,12],x"}});
  ASSERT_TRUE(slurm);
  EXPECT_EQ(slurm->rank, 5);
  EXPECT_EQ(slurm->localRank, 1);
  EXPECT_EQ(slurm->address, "gpu07");
  EXPECT_EQ(
      placeIn({{"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "2"}, {"SLURM_LAUNCH_NODE_IPADDR", "10.0.0.1"}, {"SLURM_NODELIST", "a"}})
          ->address,
      "10.0.0.1");
  EXPECT_EQ(
      placeIn({{"OMPI_COMM_WORLD_RANK", "1"}, {"OMPI_COMM_WORLD_SIZE", "2"}, {"OMPI_COMM_WORLD_LOCAL_RANK", "1"}})->localRank, 1);
  EXPECT_EQ(placeIn({{"PMI_RANK", "1"}, {"PMI_SIZE", "2"}})->address, "127.0.0.1");
}

TEST(RankPlace, WhatIsNoNumberIsNamed) {
  try {
    placeIn({{"RANK", "2"}, {"WORLD_SIZE", "2"}});
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("RANK"), std::string::npos);
  }
  EXPECT_THROW(placeIn({{"RANK", "x"}, {"WORLD_SIZE", "2"}}), Error);
}

TEST(RankPlace, SlurmsListsOfNodes) {
  EXPECT_EQ(firstOfNodeList("node1"), "node1");
  EXPECT_EQ(firstOfNodeList("node1,node2"), "node1");
  EXPECT_EQ(firstOfNodeList("n[3,7-9]-ib,x"), "n3-ib");
}

}  // namespace
}  // namespace orthoscribe::learn
