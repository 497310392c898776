// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/placement.h"

#include <ATen/Context.h>
#include <gmock/gmock.h>

#include "core/base/error.h"
#include "core/engine/image_cache.h"
#include "core/engine/thread_choice.h"

namespace orthoscribe::engine {
namespace {

using testing::HasSubstr;

std::string errorOf(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Placement, SmallModelsRunInFullPrecision) {
  EXPECT_EQ(choosePlacement("cpu", "auto", {.storedBytes = 20'000'000, .elements = 5'000'000}).precisionName(), "float32");
  EXPECT_EQ(choosePlacement("cpu", "auto", {.storedBytes = 8'000'000'000, .elements = 4'000'000'000}).precisionName(),
            "bfloat16");
  EXPECT_EQ(choosePlacement("cpu", "bfloat16", {}).precisionName(), "bfloat16");
  EXPECT_EQ(choosePlacement("cpu", "float32", {.storedBytes = 8'000'000'000, .elements = 4}).precisionName(), "float32");
  EXPECT_EQ(choosePlacement("cpu", "auto", {}).deviceName(), "cpu");
}

TEST(ThreadChoice, SmallModelsKeepToOneThreadUnlessAskedFor) {
  const WeightSizes starter = {.storedBytes = 12'000'000, .elements = 6'000'000};
  const WeightSizes large = {.storedBytes = 8'000'000'000, .elements = 4'000'000'000};
  EXPECT_EQ(chooseThreads(0, starter, 8), 1);
  EXPECT_EQ(chooseThreads(0, large, 8), 8);
  EXPECT_EQ(chooseThreads(3, starter, 8), 3);
  EXPECT_EQ(chooseThreads(3, large, 8), 3);
}

TEST(Placement, RefusesWordsItDoesNotKnowAndDevicesThatAreNotThere) {
  EXPECT_THAT(errorOf([] { choosePlacement("tpu", "auto", {}); }), HasSubstr("'tpu' is not known"));
  EXPECT_THAT(errorOf([] { choosePlacement("cuda:one", "auto", {}); }), HasSubstr("'cuda:one' is not known"));
  EXPECT_THAT(errorOf([] { choosePlacement("cpu", "int3", {}); }), HasSubstr("'int3' is not known"));
  if (at::globalContext().hasCUDA()) {
    EXPECT_EQ(choosePlacement("auto", "auto", {}).deviceName(), "cuda:0");
  } else {
    EXPECT_THAT(errorOf([] { choosePlacement("cuda", "auto", {}); }), HasSubstr("no CUDA device"));
    EXPECT_EQ(choosePlacement("auto", "auto", {}).deviceName(), "cpu");
  }
}

TEST(Placement, SaysBeforeLoadingThatAModelDoesNotFit) {
  const WeightSizes sizes{.storedBytes = 8'000'000'000, .elements = 4'000'000'000};
  const Placement wide = choosePlacement("cpu", "float32", sizes);
  EXPECT_THAT(errorOf([&] { checkFitsMemory(sizes, wide, 10'000'000'000); }),
              HasSubstr("needs about 16.3 GB of memory in float32, 10.0 GB are free (close"));
  EXPECT_NO_THROW(checkFitsMemory(sizes, choosePlacement("cpu", "bfloat16", sizes), 10'000'000'000));
  const auto available = availableMemory();
  ASSERT_TRUE(available.has_value());
  EXPECT_GT(*available, 0u);
}

TEST(ImageCache, KeepsTheLastUsed) {
  ImageCache cache(2);
  cache.put("a", {});
  cache.put("b", {});
  EXPECT_TRUE(cache.find("a").has_value());
  cache.put("c", {});
  EXPECT_TRUE(cache.find("a").has_value());
  EXPECT_FALSE(cache.find("b").has_value());
  EXPECT_TRUE(cache.find("c").has_value());
}

TEST(ImageCache, HashesTellPicturesApart) {
  RgbImage image(4, 2);
  const std::string first = imageHash(image, 1);
  EXPECT_EQ(imageHash(image, 1), first);
  EXPECT_NE(imageHash(image, 2), first);
  EXPECT_NE(imageHash(RgbImage(2, 4), 1), first);
  image.pixels[7] = 1;
  EXPECT_NE(imageHash(image, 1), first);
}

}  // namespace
}  // namespace orthoscribe::engine
