// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/vision/image_processor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <span>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/image_codec.h"
#include "core/vision/resize.h"
#include "tests/unit/base/fixture_tensors.h"

namespace orthoscribe::vision {
namespace {

namespace fs = std::filesystem;

fs::path publicFixtures() {
  return fs::path(ORTHOSCRIBE_SHARED_DIR) / "parity/public";
}

std::span<const float> valuesOf(const at::Tensor& tensor) {
  return {tensor.const_data_ptr<float>(), static_cast<std::size_t>(tensor.numel())};
}

float largestDifference(std::span<const float> a, std::span<const float> b) {
  float largest = a.size() == b.size() ? 0.0f : INFINITY;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

class InternVlFixture : public testing::TestWithParam<std::string> {};

TEST_P(InternVlFixture, PixelValuesAgreeWithTheReference) {
  const fs::path folder = publicFixtures() / GetParam();
  if (!fs::exists(folder)) GTEST_SKIP() << "no fixture " << folder;
  const auto processor = loadImageProcessor(folder);
  int compared = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (!fs::exists(entry.path() / "expected.json")) continue;
    SCOPED_TRACE(entry.path().filename().string());
    const auto expected = nlohmann::json::parse(readTextFile(entry.path() / "expected.json"));
    const fixtures::FixtureTensors inputs(entry.path() / "inputs.safetensors");
    if (!inputs.has("pixel_values")) continue;
    const int imageCount = static_cast<int>(expected.at("images").size());
    std::vector<float> values;
    for (const auto& row : expected.at("images")) {
      const ProcessedImage image =
          processor->process(readImageFile(entry.path() / row.at("file").get<std::string>()), imageCount);
      EXPECT_EQ(image.gridColumns, row.at("grid_columns_rows").at(0).get<std::int64_t>());
      EXPECT_EQ(image.gridRows, row.at("grid_columns_rows").at(1).get<std::int64_t>());
      EXPECT_EQ(image.tokens,
                row.at("tiles_with_thumbnail").get<std::int64_t>() * expected.at("num_image_token").get<std::int64_t>());
      const auto tiles = valuesOf(image.pixelValues);
      values.insert(values.end(), tiles.begin(), tiles.end());
    }
    EXPECT_LE(largestDifference(values, inputs.values<float>("pixel_values")), 1e-5f);
    ++compared;
  }
  EXPECT_GT(compared, 0);
}

INSTANTIATE_TEST_SUITE_P(Parity, InternVlFixture,
                         testing::Values("internvl_chat_tiny_qwen2", "internvl_chat_tiny_phi3", "internvl_hf_tiny"),
                         [](const auto& fixture) { return fixture.param; });

class ProcessorFolder : public testing::Test {
 protected:
  void write(const std::string& name, const nlohmann::json& json) { writeTextFile(folder_.path() / name, json.dump()); }

  std::string refusal(ErrorCode code) const {
    try {
      loadImageProcessor(folder_.path());
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code);
      return error.message() + " " + error.hint();
    }
    return "accepted";
  }

  TemporaryDirectory folder_;
};

nlohmann::json starterConfig() {
  return {{"model_type", "starter"}, {"vision_config", {{"image_size", 32}}}, {"num_image_token", 5}};
}

TEST_F(ProcessorFolder, StarterResizesToOneSquare) {
  write("config.json", starterConfig());
  write("preprocessor_config.json", {{"image_mean", {0.5, 0.25, 0.0}}, {"image_std", {0.5, 0.25, 1.0}}});
  RgbImage image(40, 20);
  for (std::size_t i = 0; i < image.pixels.size(); ++i) image.pixels[i] = static_cast<std::uint8_t>(i * 37);
  const ProcessedImage processed = loadImageProcessor(folder_.path())->process(image, 1);
  EXPECT_THAT(processed.pixelValues.sizes(), testing::ElementsAre(1, 3, 32, 32));
  EXPECT_EQ(processed.tokens, 5);
  EXPECT_EQ(processed.gridColumns * processed.gridRows, 1);
  const RgbImage square = resize(image, 32, 32, ResampleFilter::Bicubic);
  const auto values = valuesOf(processed.pixelValues);
  const std::size_t plane = 32 * 32;
  EXPECT_FLOAT_EQ(values[33], (static_cast<float>(square.at(1, 1)[0]) / 255.0f - 0.5f) / 0.5f);
  EXPECT_FLOAT_EQ(values[plane + 33], (static_cast<float>(square.at(1, 1)[1]) / 255.0f - 0.25f) / 0.25f);
  EXPECT_FLOAT_EQ(values[2 * plane + 33], static_cast<float>(square.at(1, 1)[2]) / 255.0f);
}

TEST_F(ProcessorFolder, UnknownFamilyIsNamedWithTheKnownOnes) {
  write("config.json", {{"model_type", "blip_9"}});
  EXPECT_THAT(refusal(ErrorCode::Unsupported),
              testing::AllOf(testing::HasSubstr("blip_9"), testing::HasSubstr("internvl_chat"), testing::HasSubstr("starter")));
}

TEST_F(ProcessorFolder, AWrongFieldIsNamed) {
  nlohmann::json config = starterConfig();
  config["vision_config"]["image_size"] = "large";
  write("config.json", config);
  EXPECT_THAT(refusal(ErrorCode::InvalidInput),
              testing::AllOf(testing::HasSubstr("config.json"), testing::HasSubstr("vision_config.image_size")));
  config["vision_config"]["image_size"] = -3;
  write("config.json", config);
  EXPECT_THAT(refusal(ErrorCode::InvalidInput), testing::HasSubstr("vision_config.image_size"));
}

TEST_F(ProcessorFolder, ADeviationOfZeroIsRefused) {
  write("config.json", starterConfig());
  write("preprocessor_config.json", {{"image_std", {0.5, 0.0, 0.5}}});
  EXPECT_THAT(refusal(ErrorCode::InvalidInput), testing::HasSubstr("image_std"));
}

TEST_F(ProcessorFolder, PaddingToASquareIsRefused) {
  write(
      "config.json",
      {{"model_type", "internvl_chat"}, {"force_image_size", 56}, {"pad2square", true}, {"vision_config", {{"patch_size", 14}}}});
  EXPECT_THAT(refusal(ErrorCode::Unsupported), testing::HasSubstr("pad2square"));
}

TEST_F(ProcessorFolder, SeveralImagesShareTheTiles) {
  write("config.json", {{"model_type", "internvl_chat"},
                        {"force_image_size", 56},
                        {"dynamic_image_size", true},
                        {"use_thumbnail", true},
                        {"max_dynamic_patch", 6},
                        {"vision_config", {{"patch_size", 14}}}});
  const auto processor = loadImageProcessor(folder_.path());
  const RgbImage wide(300, 50);
  EXPECT_EQ(processor->process(wide, 1).pixelValues.size(0), 7);
  EXPECT_EQ(processor->process(wide, 2).pixelValues.size(0), 4);
  EXPECT_EQ(processor->process(wide, 100).pixelValues.size(0), 1);
}

TEST_F(ProcessorFolder, MissingConfigIsNamed) {
  EXPECT_THAT(refusal(ErrorCode::NotFound), testing::HasSubstr("config.json"));
}

}  // namespace
}  // namespace orthoscribe::vision
