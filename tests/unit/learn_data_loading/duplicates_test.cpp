// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <bit>
#include <fstream>
#include <random>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/image_codec.h"
#include "core/learn/data/loading/orientation.h"
#include "core/learn/data/processing/near_duplicates.h"
#include "core/learn/data/processing/open_picture.h"
#include "core/learn/data/processing/perceptual_hash.h"
#include "core/vision/resize.h"
#include "tests/unit/learn_data_loading/made_data.h"

namespace orthoscribe::learn {
namespace {

namespace fs = std::filesystem;
using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;

int distance(std::uint64_t a, std::uint64_t b) {
  return std::popcount(a ^ b);
}

TEST(PerceptualHash, SurvivesCompressionAndResizing) {
  for (unsigned seed = 1; seed <= 12; ++seed) {
    const RgbImage image = test::busyImage(256, 240, seed);
    const std::uint64_t hash = perceptualHash(image);
    for (const int quality : {95, 60, 30}) {
      const RgbImage coded = decodeImage(encodeJpeg(image, quality), "coded");
      EXPECT_LE(distance(hash, perceptualHash(coded)), 6) << "seed " << seed << ", quality " << quality;
    }
    for (const int side : {128, 200, 300}) {
      const RgbImage resized = vision::resize(image, side, side, vision::ResampleFilter::Bicubic);
      EXPECT_LE(distance(hash, perceptualHash(resized)), 6) << "seed " << seed << ", side " << side;
    }
    EXPECT_GT(distance(hash, perceptualHash(test::busyImage(256, 240, seed + 100))), 12) << "seed " << seed;
  }
}

TEST(PerceptualHash, KnowsTurnedPictures) {
  const RgbImage image = test::busyImage(200, 160, 9);
  const auto hashes = perceptualHashes(image);
  for (std::size_t i = 0; i < orientations().size(); ++i)
    EXPECT_LE(distance(hashes[i], perceptualHash(orientations()[i].turned(image))), 2) << i;
  EXPECT_EQ(perceptualHash(RgbImage(64, 64)), 0u) << "a picture without structure";
}

TEST(NearDuplicates, PairsAreThoseOfComparingEachWithEach) {
  std::mt19937_64 random(3);
  std::vector<std::uint64_t> hashes;
  for (int i = 0; i < 400; ++i) {
    std::uint64_t hash = i % 3 == 0 || hashes.empty() ? random() : hashes[random() % hashes.size()];
    const auto flips = random() % 12;
    for (std::uint64_t flip = 0; flip < flips; ++flip) hash ^= std::uint64_t{1} << (random() % 64);
    hashes.push_back(hash);
  }
  for (const int limit : {0, 1, 6, 11, 16}) {
    Pairs expected;
    for (std::size_t a = 0; a < hashes.size(); ++a) {
      for (std::size_t b = a + 1; b < hashes.size(); ++b) {
        if (distance(hashes[a], hashes[b]) <= limit) expected.emplace_back(a, b);
      }
    }
    EXPECT_EQ(alikePairs(hashes, limit), expected) << "distance " << limit;
  }
  EXPECT_THROW(alikePairs(hashes, 17), Error);
}

TEST(NearDuplicates, GroupsHangTogether) {
  const Pairs pairs = {{1, 4}, {4, 7}, {2, 3}};
  EXPECT_EQ(groupsOf(8, pairs), (std::vector<std::vector<std::size_t>>{{1, 4, 7}, {2, 3}}));
}

TEST(NearDuplicates, FindsTurnedCopiesOnlyWhenAsked) {
  const TemporaryDirectory folder;
  const RgbImage image = test::busyImage(200, 160, 4);
  writePicture(image, folder.path() / "a.png", 90);
  writePicture(Orientation{true, 1}.turned(image), folder.path() / "b.png", 90);
  writePicture(vision::resize(image, 100, 80, vision::ResampleFilter::Bicubic), folder.path() / "c.jpg", 60);
  writePicture(test::busyImage(200, 160, 77), folder.path() / "d.png", 90);
  std::ofstream(folder.path() / "e.jpg") << "no picture";
  const std::vector<std::string> names = {"c.jpg", "a.png", "b.png", "d.png", "e.jpg"};
  SkipReport report;
  DuplicateOptions options;
  const DuplicateReport upright = findDuplicates(folder.path(), names, options, report, {}, {});
  EXPECT_EQ(upright.groups, (std::vector<std::vector<std::string>>{{"a.png", "c.jpg"}})) << "the larger picture comes first";
  EXPECT_EQ(upright.excluded(), std::vector<std::string>{"c.jpg"});
  EXPECT_EQ(upright.pictures, 4);
  ASSERT_EQ(report.skipped().size(), 1u);
  EXPECT_EQ(report.skipped()[0].where, "e.jpg");
  options.turned = true;
  const DuplicateReport turned = findDuplicates(folder.path(), names, options, report, {}, {});
  EXPECT_EQ(turned.groups, (std::vector<std::vector<std::string>>{{"a.png", "b.png", "c.jpg"}}));
  writeDuplicates(turned, options, folder.path() / "list.json");
  EXPECT_EQ(readDuplicates(folder.path() / "list.json"), turned.groups);
}

TEST(NearDuplicates, KnownOnesAmongRealScenes) {
  const fs::path scenes = fs::path(ORTHOSCRIBE_SHARED_DIR) / "data/scenes/ucmerced";
  if (!fs::is_directory(scenes)) GTEST_SKIP() << "shared data/scenes/ucmerced is missing";
  std::vector<std::string> names;
  for (const char* folder : {"airplane", "beach", "harbor", "forest"}) {
    for (const auto& file : fs::directory_iterator(scenes / folder))
      names.push_back(fs::relative(file.path(), scenes).generic_string());
  }
  std::sort(names.begin(), names.end());
  SkipReport report;
  const DuplicateReport found = findDuplicates(scenes, names, {}, report, {}, {});
  EXPECT_EQ(found.pictures, static_cast<std::int64_t>(names.size()));
  EXPECT_EQ(found.groups, (std::vector<std::vector<std::string>>{{"airplane/airplane01.jpg", "airplane/airplane02.jpg"}}));
}

}  // namespace
}  // namespace orthoscribe::learn
