// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/vision/qwen_processor.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/files.h"

namespace orthoscribe::vision {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

RgbImage gradient(int width, int height) {
  RgbImage image(width, height);
  for (int row = 0; row < height; ++row) {
    for (int column = 0; column < width; ++column) {
      std::uint8_t* pixel = image.at(column, row);
      pixel[0] = static_cast<std::uint8_t>((column * 255) / width);
      pixel[1] = static_cast<std::uint8_t>((row * 255) / height);
      pixel[2] = static_cast<std::uint8_t>((column * 7 + row * 13) % 256);
    }
  }
  return image;
}

TEST(CutPatches, PutsEachPixelWhereTheReferenceDoes) {
  const PatchLayout layout{.side = 3, .merge = 2, .frames = 2};
  const RgbImage image = gradient(18, 12);
  const Normalisation levels{.mean = {0, 0, 0}, .deviation = {1.0f / 255, 1.0f / 255, 1.0f / 255}};
  const at::Tensor patches = cutPatches(image, layout, levels);
  ASSERT_THAT(patches.sizes(), ElementsAre(1, 2, 3, 4, 54));
  for (const auto& [column, row] : {std::pair{0, 0}, {4, 1}, {17, 11}, {7, 8}, {12, 5}}) {
    const int patchColumn = column / 3;
    const int patchRow = row / 3;
    const at::Tensor patch = patches[0][patchRow / 2][patchColumn / 2][patchRow % 2 * 2 + patchColumn % 2];
    for (int channel = 0; channel < 3; ++channel) {
      for (int frame = 0; frame < 2; ++frame) {
        const int place = ((channel * 2 + frame) * 3 + row % 3) * 3 + column % 3;
        EXPECT_NEAR(patch[place].item<float>(), image.at(column, row)[channel], 1e-3f) << column << ", " << row;
      }
    }
  }
}

TEST(CutPatches, RefusesSidesThatAreNoMultiples) {
  EXPECT_THROW(cutPatches(gradient(18, 13), {.side = 3, .merge = 2, .frames = 2}, {}), Error);
}

TEST(ResizeTo, BothResamplingsAreNearEachOther) {
  const RgbImage image = gradient(150, 93);
  const PictureSize size{84, 112};
  const RgbImage pillow = resizeTo(image, size, Resampling::Pillow);
  const RgbImage torch = resizeTo(image, size, Resampling::Torch);
  ASSERT_EQ(torch.width, 84);
  ASSERT_EQ(torch.height, 112);
  int largest = 0;
  for (std::size_t i = 0; i < pillow.pixels.size(); ++i)
    largest = std::max(largest, std::abs(int(pillow.pixels[i]) - int(torch.pixels[i])));
  EXPECT_LE(largest, 3);
  EXPECT_EQ(resizeTo(image, {150, 93}, Resampling::Torch), image);
}

class QwenFolder : public testing::Test {
 protected:
  void write(const std::string& name, const nlohmann::json& json) { writeTextFile(folder_.path() / name, json.dump()); }
  std::string errorOf() const {
    try {
      loadImageProcessor(folder_.path());
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }
  TemporaryDirectory folder_;
};

TEST_F(QwenFolder, ShowsPicturesWithinTheirLimits) {
  write("config.json", {{"model_type", "qwen3_vl"}});
  write("preprocessor_config.json", {{"patch_size", 16},
                                     {"merge_size", 2},
                                     {"temporal_patch_size", 2},
                                     {"size", {{"shortest_edge", 4096}, {"longest_edge", 20000}}}});
  EXPECT_EQ(readResizeLimits(folder_.path()), (ResizeLimits{.factor = 32, .minPixels = 4096, .maxPixels = 20000}));
  const auto processor = loadImageProcessor(folder_.path());
  const ProcessedImage image = processor->process(gradient(300, 200), 3);
  // 300 x 200 above 20000 pixels: beta 1.73, so 5 x 3 tokens of 32 pixels.
  EXPECT_EQ(image.tokenColumns, 5);
  EXPECT_EQ(image.tokenRows, 3);
  EXPECT_EQ(image.tokens, 15);
  EXPECT_EQ(image.gridColumns, 10);
  EXPECT_EQ(image.gridRows, 6);
  EXPECT_THAT(image.pixelValues.sizes(), ElementsAre(1, 3, 5, 4, 1536));
  EXPECT_THROW(processor->process(gradient(402, 2), 1), Error);
  EXPECT_THROW(processor->process(RgbImage(), 1), Error);
}

TEST_F(QwenFolder, ItsOwnFileWinsOverThePublishedLimits) {
  write("config.json", {{"model_type", "qwen2_5_vl"}});
  write("preprocessor_config.json", {{"min_pixels", 3136}, {"max_pixels", 12845056}, {"size", {{"longest_edge", 5}}}});
  EXPECT_EQ(readResizeLimits(folder_.path()), (ResizeLimits{.factor = 28, .minPixels = 3136, .maxPixels = 12845056}));
  write("orthoscribe.json", {{"maxPixels", 1016064}, {"resampling", "torch"}});
  EXPECT_EQ(readResizeLimits(folder_.path()).maxPixels, 1016064);
  EXPECT_EQ(loadImageProcessor(folder_.path())->process(gradient(2000, 2000), 1).tokens, 36 * 36);
}

TEST_F(QwenFolder, SaysWhatIsWrong) {
  write("config.json", {{"model_type", "qwen2_5_vl"}});
  EXPECT_THAT(errorOf(), HasSubstr("preprocessor_config.json"));
  write("preprocessor_config.json", {{"min_pixels", 9000}, {"max_pixels", 8000}});
  EXPECT_THAT(errorOf(), HasSubstr("preprocessor_config.json: min_pixels"));
  write("preprocessor_config.json", {{"patch_size", 0}});
  EXPECT_THAT(errorOf(), HasSubstr("preprocessor_config.json: patch_size"));
  write("preprocessor_config.json", nlohmann::json::object());
  write("orthoscribe.json", {{"resampling", "nearest"}});
  EXPECT_THAT(errorOf(), HasSubstr("orthoscribe.json: resampling"));
  write("orthoscribe.json", {{"maxPixels", 10}});
  EXPECT_THAT(errorOf(), HasSubstr("orthoscribe.json: minPixels"));
}

}  // namespace
}  // namespace orthoscribe::vision
