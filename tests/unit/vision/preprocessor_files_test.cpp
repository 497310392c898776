// SPDX-License-Identifier: GPL-2.0-or-later
// Families whose images are prepared as preprocessor_config.json says: InstructBLIP and InternVL in Hugging Face's layout.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/vision/image_processor.h"
#include "core/vision/square_image.h"

namespace orthoscribe::vision {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

RgbImage pattern(int width, int height) {
  RgbImage image(width, height);
  for (std::size_t i = 0; i < image.pixels.size(); ++i) image.pixels[i] = static_cast<std::uint8_t>(i * 31 + i / 97);
  return image;
}

class PreprocessorFolder : public testing::Test {
 protected:
  void writeBlip(const nlohmann::json& preprocessor) {
    write({{"model_type", "instructblip"}, {"num_query_tokens", 7}, {"vision_config", {{"image_size", 24}}}}, preprocessor);
  }
  void writeInternVl(const nlohmann::json& preprocessor) {
    write({{"model_type", "internvl"}, {"image_seq_length", 4}}, preprocessor);
  }
  ProcessedImage process(const RgbImage& image, int count = 1) const {
    return loadImageProcessor(folder())->process(image, count);
  }
  std::string refusal(ErrorCode code) const {
    try {
      loadImageProcessor(folder());
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code) << error.what();
      return error.what();
    }
    return "accepted";
  }
  std::filesystem::path folder() const { return folder_.path(); }

 private:
  void write(const nlohmann::json& config, const nlohmann::json& preprocessor) {
    writeTextFile(folder() / "config.json", config.dump());
    writeTextFile(folder() / "preprocessor_config.json", preprocessor.dump());
  }
  TemporaryDirectory folder_;
};

float valueAt(const at::Tensor& tensor, std::size_t index) {
  return tensor.const_data_ptr<float>()[index];
}

const nlohmann::json kSquare{{"height", 24}, {"width", 24}};

TEST_F(PreprocessorFolder, BlipStretchesTheWholeImage) {
  writeBlip({{"size", kSquare}});
  const RgbImage image = pattern(50, 31);
  const ProcessedImage processed = process(image);
  EXPECT_THAT(processed.pixelValues.sizes(), ElementsAre(1, 3, 24, 24));
  EXPECT_EQ(processed.tokens, 7);
  const RgbImage square = resize(image, 24, 24, ResampleFilter::Bicubic);
  // CLIP's mean and deviation where the file has none.
  EXPECT_NEAR(valueAt(processed.pixelValues, 24 * 3 + 5), (square.at(5, 3)[0] / 255.0f - 0.48145466f) / 0.26862954f, 1e-6f);
}

TEST_F(PreprocessorFolder, BlipTakesItsSizeAndFilterFromTheFile) {
  const RgbImage image = pattern(50, 31);
  writeBlip({{"size", 24}, {"resample", 2}, {"image_mean", {0.0, 0.0, 0.0}}, {"image_std", {1.0, 1.0, 1.0}}});
  const RgbImage square = resize(image, 24, 24, ResampleFilter::Bilinear);
  EXPECT_NEAR(valueAt(process(image).pixelValues, 0), square.at(0, 0)[0] / 255.0f, 1e-6f);
}

TEST_F(PreprocessorFolder, ClipsWayCutsOutTheMiddle) {
  writeBlip({{"size", {{"shortest_edge", 24}}},
             {"crop_size", kSquare},
             {"do_center_crop", true},
             {"image_mean", {0.0, 0.0, 0.0}},
             {"image_std", {1.0, 1.0, 1.0}}});
  const RgbImage image = pattern(50, 31);
  const RgbImage whole = resize(image, 38, 24, ResampleFilter::Bicubic);  // 24 * 50 / 31 = 38.7
  EXPECT_NEAR(valueAt(process(image).pixelValues, 0), whole.at(7, 0)[0] / 255.0f, 1e-6f);
}

TEST(MiddleSquare, KeepsTheShapeAndLeansLeftAndUp) {
  const RgbImage tall = pattern(10, 25);
  const RgbImage middle = middleSquare(tall, 10, ResampleFilter::Bicubic);
  ASSERT_EQ(middle.width, 10);
  ASSERT_EQ(middle.height, 10);
  EXPECT_EQ(middle.at(3, 0)[1], tall.at(3, 7)[1]);
  EXPECT_EQ(middle.at(9, 9)[2], tall.at(9, 16)[2]);
  EXPECT_THROW(middleSquare(RgbImage(), 10, ResampleFilter::Bicubic), Error);
}

TEST_F(PreprocessorFolder, InternVlTilesEveryImageAsIfItWereAlone) {
  writeInternVl({{"size", kSquare}, {"max_patches", 4}, {"crop_to_patches", false}});
  const ProcessedImage alone = process(pattern(96, 24));
  EXPECT_EQ(alone.gridColumns, 4);
  EXPECT_EQ(alone.gridRows, 1);
  EXPECT_THAT(alone.pixelValues.sizes(), ElementsAre(5, 3, 24, 24));
  EXPECT_EQ(alone.tokens, 20);
  EXPECT_EQ(process(pattern(96, 24), 3).gridColumns, 4);
  EXPECT_EQ(process(pattern(20, 20)).tokens, 4);
}

TEST_F(PreprocessorFolder, WrongFieldsAreNamed) {
  writeBlip({{"size", {{"height", 24}, {"width", 30}}}});
  EXPECT_THAT(refusal(ErrorCode::Unsupported), HasSubstr("preprocessor_config.json: size"));
  writeBlip({{"size", kSquare}, {"resample", 0}});
  EXPECT_THAT(refusal(ErrorCode::Unsupported), HasSubstr("resample"));
  writeBlip({{"size", kSquare}, {"do_normalize", false}});
  EXPECT_THAT(refusal(ErrorCode::Unsupported), HasSubstr("do_normalize"));
  writeBlip({{"size", 25}});
  EXPECT_THAT(refusal(ErrorCode::InvalidInput), HasSubstr("vision_config.image_size"));
  writeBlip(nlohmann::json::object());
  EXPECT_THAT(refusal(ErrorCode::InvalidInput), HasSubstr("size: is missing"));
  writeInternVl({{"size", kSquare}, {"resample", 2}});
  EXPECT_THAT(refusal(ErrorCode::Unsupported), HasSubstr("resample"));
  writeInternVl({{"size", kSquare}, {"min_patches", 5}, {"max_patches", 4}});
  EXPECT_THAT(refusal(ErrorCode::InvalidInput), HasSubstr("min_patches"));
  std::filesystem::remove(folder() / "preprocessor_config.json");
  EXPECT_THAT(refusal(ErrorCode::NotFound), HasSubstr("preprocessor_config.json"));
}

}  // namespace
}  // namespace orthoscribe::vision
