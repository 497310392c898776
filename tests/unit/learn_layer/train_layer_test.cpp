// SPDX-License-Identifier: GPL-2.0-or-later
// The way from a layer to an expert, on an open area of buildings: a few steps, so that it is the way that is tested.
#include <gmock/gmock.h>
#include <sys/resource.h>

#include <csignal>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/learn/layer_training/layer_training.h"
#include "tests/unit/model/expect_error.h"

namespace orthoscribe::learn {
namespace {

namespace fs = std::filesystem;

const fs::path kStarter = fs::path(ORTHOSCRIBE_SOURCE_DIR) / "resources" / "starter";
const fs::path kArea = fs::path(ORTHOSCRIBE_SHARED_DIR) / "data" / "vector_labels";

class TrainLayer : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(kStarter / "model.safetensors")) GTEST_SKIP() << "no starter model in resources/starter";
    if (!fs::exists(kArea / "kampala_a.tif")) GTEST_SKIP() << "no labelled area in the shared data";
    options_.raster = (kArea / "kampala_a.tif").string();
    options_.labels = {.path = (kArea / "kampala_a_buildings.geojson").string(),
                       .labelField = "class",
                       .label = {},
                       .asClass = {},
                       .statusField = {}};
    options_.model = kStarter;
    options_.output = folder_.path() / "expert";
    options_.device = "cpu";
    options_.steps = 6;
  }

  TemporaryDirectory folder_;
  LayerTrainingOptions options_;
};

TEST_F(TrainLayer, MakesAnExpertWithACardAndFigures) {
  std::vector<double> losses;
  double last = 0;
  const LayerTrainingResult result = trainFromLayer(options_,
                                                    [&](const LayerTrainingState& state) {
                                                      EXPECT_GE(state.done, last);
                                                      last = state.done;
                                                      if (state.loss && state.message.starts_with("Training"))
                                                        losses.push_back(*state.loss);
                                                    },
                                                    {});
  EXPECT_FALSE(result.cancelled);
  EXPECT_EQ(result.steps, 6);
  EXPECT_EQ(losses.size(), 6U);
  ASSERT_TRUE(result.before.contains("building"));
  ASSERT_TRUE(result.after.contains("building"));
  EXPECT_GT(result.after.at("building").truths, 3);
  EXPECT_TRUE(fs::exists(options_.output / "adapter_config.json"));
  EXPECT_TRUE(fs::exists(options_.output / "adapter_model.safetensors"));
  EXPECT_THAT(readTextFile(options_.output / "README.md"), ::testing::HasSubstr("building"));
  const auto record = nlohmann::json::parse(readTextFile(options_.output / "training.json"));
  EXPECT_EQ(record["steps"], 6);
  EXPECT_FALSE(record["split"]["heldOut"].empty());
}

TEST_F(TrainLayer, ACancelledRunGoesOnWhereItStopped) {
  CancelSource cancel;
  const auto stopAfterThree = [&](const LayerTrainingState& state) {
    if (state.message == "Training, step 3") cancel.cancel();
  };
  const LayerTrainingResult stopped = trainFromLayer(options_, stopAfterThree, cancel.token());
  EXPECT_TRUE(stopped.cancelled);
  EXPECT_EQ(stopped.steps, 3);
  EXPECT_FALSE(fs::exists(options_.output / "adapter_model.safetensors"));
  expectError(ErrorCode::InvalidInput, {"is there already", "--resume"}, [&] { trainFromLayer(options_, {}, {}); });
  options_.resume = true;
  const LayerTrainingResult resumed = trainFromLayer(options_, {}, {});
  EXPECT_EQ(resumed.steps, 6);

  LayerTrainingOptions whole = options_;
  whole.resume = false;
  whole.output = folder_.path() / "whole";
  trainFromLayer(whole, {}, {});
  const auto weights = [](const fs::path& folder) { return readTextFile(folder / "adapter_model.safetensors"); };
  EXPECT_TRUE(weights(options_.output) == weights(whole.output)) << "the same as without a stop";
}

// A disk on which no file may be larger than so many bytes; the signal that goes with it is passed over.
class SmallDisk {
 public:
  explicit SmallDisk(rlim_t bytes) {
    getrlimit(RLIMIT_FSIZE, &normal_);
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{.rlim_cur = bytes, .rlim_max = normal_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
  }
  ~SmallDisk() {
    setrlimit(RLIMIT_FSIZE, &normal_);
    std::signal(SIGXFSZ, handler_);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

 private:
  rlimit normal_{};
  void (*handler_)(int) = nullptr;
};

std::map<std::string, std::string> filesIn(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files[entry.path().lexically_relative(folder).string()] = readTextFile(entry.path());
  }
  return files;
}

TEST_F(TrainLayer, AFullDiskLeavesTheCheckpointBefore) {
  CancelSource cancel;
  trainFromLayer(
      options_,
      [&](const LayerTrainingState& state) {
        if (state.message == "Training, step 3") cancel.cancel();
      },
      cancel.token());
  const auto before = filesIn(options_.output);
  ASSERT_TRUE(before.contains("training/expert.safetensors"));
  options_.resume = true;
  {
    const SmallDisk full(before.at("training/expert.safetensors").size() / 2);
    expectError(ErrorCode::Io, {"the checkpoint could not be written", "the one before it is whole", "--resume"},
                [&] { trainFromLayer(options_, {}, {}); });
  }
  EXPECT_TRUE(filesIn(options_.output) == before) << "nothing else, and nothing in part";

  EXPECT_EQ(trainFromLayer(options_, {}, {}).steps, 6);
  LayerTrainingOptions whole = options_;
  whole.resume = false;
  whole.output = folder_.path() / "whole";
  trainFromLayer(whole, {}, {});
  EXPECT_TRUE(filesIn(options_.output).at("adapter_model.safetensors") == filesIn(whole.output).at("adapter_model.safetensors"))
      << "the same as on a disk with room";
}

TEST_F(TrainLayer, AFullDiskLeavesTheExpertBefore) {
  trainFromLayer(options_, {}, {});
  const auto before = filesIn(options_.output);
  options_.resume = true;
  options_.steps = 8;
  std::optional<SmallDisk> full;
  // The disk is full once the checkpoint is there, when the expert is to be written.
  const auto fill = [&](const LayerTrainingState& state) {
    if (state.message == "Measuring the expert") full.emplace(before.at("adapter_model.safetensors").size() / 2);
  };
  expectError(ErrorCode::Io, {"adapter_model.safetensors"}, [&] { trainFromLayer(options_, fill, {}); });
  full.reset();
  auto after = filesIn(options_.output);
  EXPECT_FALSE(after.at("training/expert.safetensors") == before.at("training/expert.safetensors")) << "of step 8";
  after["training/expert.safetensors"] = before.at("training/expert.safetensors");
  EXPECT_TRUE(after == before) << "expert, figures and card are those of step 6";
  const LayerTrainingResult later = trainFromLayer(options_, {}, {});
  EXPECT_EQ(later.steps, 8);
  EXPECT_FALSE(filesIn(options_.output).at("adapter_model.safetensors") == before.at("adapter_model.safetensors"));
}

TEST_F(TrainLayer, WhatCannotBeTrainedIsRefused) {
  options_.heldOut = 0.9;
  expectError(ErrorCode::InvalidInput, {"held-out share"}, [&] { trainFromLayer(options_, {}, {}); });
  options_.heldOut = 0.2;
  LayerTrainingOptions other = options_;
  other.model = folder_.path() / "qwen";
  fs::create_directories(other.model);
  std::ofstream(other.model / "config.json") << R"({"model_type": "qwen2", "architectures": ["Qwen2ForCausalLM"]})";
  expectError(ErrorCode::Unsupported, {"qwen2", "orthoscribe data", "CONFIG.yaml"}, [&] { trainFromLayer(other, {}, {}); });
  other = options_;
  other.raster = (kArea / "atlanta_pan.tif").string();
  expectError(ErrorCode::InvalidInput, {"no polygon"}, [&] { trainFromLayer(other, {}, {}); });
  EXPECT_FALSE(fs::exists(options_.output)) << "nothing was begun";
}

}  // namespace
}  // namespace orthoscribe::learn
