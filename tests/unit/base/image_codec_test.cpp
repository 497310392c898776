// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/image_codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <string>

#include "core/base/error.h"
#include "core/base/files.h"
#include "tests/unit/base/fixture_tensors.h"

namespace orthoscribe {
namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::byte>;

RgbImage noise(int width, int height, unsigned seed) {
  std::mt19937 random(seed);
  RgbImage image(width, height);
  for (auto& sample : image.pixels) sample = static_cast<std::uint8_t>(random());
  return image;
}

RgbImage ramp(int width, int height) {
  RgbImage image(width, height);
  for (int row = 0; row < height; ++row) {
    for (int column = 0; column < width; ++column) {
      image.at(column, row)[0] = static_cast<std::uint8_t>(column * 255 / width);
      image.at(column, row)[1] = static_cast<std::uint8_t>(row * 255 / height);
      image.at(column, row)[2] = 128;
    }
  }
  return image;
}

int largestDifference(const RgbImage& a, const RgbImage& b) {
  if (a.width != b.width || a.height != b.height) return 256;
  int largest = 0;
  for (std::size_t i = 0; i < a.pixels.size(); ++i) largest = std::max(largest, std::abs(int{a.pixels[i]} - int{b.pixels[i]}));
  return largest;
}

// The message; fails the test when the bytes are accepted or refused with another code.
std::string refusal(const Bytes& bytes, const DecodeLimits& limits = {}) {
  try {
    decodeImage(bytes, "picture.png", limits);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::InvalidInput);
    return error.message();
  }
  ADD_FAILURE() << "the bytes were accepted";
  return {};
}

// Width and height stand in the PNG's header at bytes 16 and 20, and libpng checks their checksum.
std::uint32_t crc32(const Bytes& bytes, std::size_t begin, std::size_t end) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (std::size_t i = begin; i < end; ++i) {
    crc ^= std::to_integer<std::uint32_t>(bytes[i]);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320 : 0);
  }
  return ~crc;
}

void writeBigEndian(Bytes& bytes, std::size_t at, std::uint32_t value) {
  for (int i = 0; i < 4; ++i) bytes[at + static_cast<std::size_t>(i)] = static_cast<std::byte>(value >> (24 - 8 * i));
}

TEST(ImageCodec, PngKeepsEveryPixel) {
  for (const auto& [width, height] : {std::pair(1, 1), std::pair(3, 7), std::pair(64, 33)}) {
    const RgbImage image = noise(width, height, 1);
    EXPECT_EQ(decodeImage(encodePng(image), "x"), image);
  }
}

TEST(ImageCodec, JpegStaysClose) {
  const RgbImage image = ramp(80, 60);
  EXPECT_LE(largestDifference(decodeImage(encodeJpeg(image, 95), "x"), image), 6);
  EXPECT_LT(encodeJpeg(image, 20).size(), encodeJpeg(image, 95).size());
}

TEST(ImageCodec, DataUrlsGoBothWays) {
  const RgbImage image = noise(5, 4, 2);
  EXPECT_EQ(decodeImage(parseDataUrl(pngDataUrl(image)), "x"), image);
}

TEST(ImageCodec, OnlyBase64DataUrlsOfImagesAreAccepted) {
  for (const char* url : {"", "http://example.org/a.png", "file:///etc/passwd", "data:image/png,abc",
                          "data:text/plain;base64,YWJj", "data:image/png;base64"}) {
    EXPECT_THROW(parseDataUrl(url), Error) << url;
  }
}

TEST(ImageCodec, OtherFormatsAreRefusedWithTheirName) {
  const std::string gif = "GIF89a........";
  const auto bytes = std::as_bytes(std::span(gif));
  EXPECT_THAT(refusal(Bytes(bytes.begin(), bytes.end())), testing::HasSubstr("picture.png"));
  EXPECT_THAT(refusal({}), testing::HasSubstr("picture.png"));
}

TEST(ImageCodec, EveryTruncationIsRefused) {
  const RgbImage image = noise(40, 30, 3);
  for (const Bytes& whole : {encodePng(image), encodeJpeg(image, 90)}) {
    for (std::size_t size = 0; size < whole.size(); size += 7) {
      SCOPED_TRACE(size);
      refusal(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
    }
  }
}

TEST(ImageCodec, ImagesAboveTheLimitAreRefusedBeforeMemoryIsTaken) {
  EXPECT_THAT(refusal(encodePng(noise(40, 30, 4)), {.maxPixels = 1199}), testing::HasSubstr("40 x 30"));
  EXPECT_THAT(refusal(encodeJpeg(noise(40, 30, 4)), {.maxPixels = 1199}), testing::HasSubstr("40 x 30"));
  EXPECT_NO_THROW(decodeImage(encodePng(noise(40, 30, 4)), "x", {.maxPixels = 1200}));
}

TEST(ImageCodec, AHeaderThatClaimsAGiantIsRefused) {
  Bytes bytes = encodePng(noise(4, 4, 5));
  writeBigEndian(bytes, 16, 900'000);
  writeBigEndian(bytes, 20, 900'000);
  writeBigEndian(bytes, 29, crc32(bytes, 12, 29));
  EXPECT_THAT(refusal(bytes), testing::HasSubstr("900000 x 900000"));
}

TEST(ImageCodec, RandomDamageNeverDoesHarm) {
  std::mt19937 random(11);
  for (const Bytes& whole : {encodePng(ramp(24, 18)), encodeJpeg(ramp(24, 18), 80)}) {
    for (int round = 0; round < 1500; ++round) {
      Bytes bytes = whole;
      for (std::size_t i = 0, count = 1 + random() % 4; i < count; ++i)
        bytes[random() % bytes.size()] = static_cast<std::byte>(random());
      try {
        const RgbImage image = decodeImage(bytes, "damaged", {.maxPixels = 1 << 20});
        EXPECT_EQ(image.pixels.size(), static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height) * 3);
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::InvalidInput) << error.what();
      }
    }
  }
}

TEST(ImageCodec, AMissingFileIsNamed) {
  try {
    readImageFile("/no/such/picture.png");
    ADD_FAILURE() << "the file was read";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::NotFound);
    EXPECT_THAT(error.message(), testing::HasSubstr("/no/such/picture.png"));
  }
}

// PNG exactly; JPEG within the levels that decoders may differ by.
TEST(ImageCodec, DecodesAsTheReference) {
  const fs::path folder = fs::path(ORTHOSCRIBE_SHARED_DIR) / "parity/public/preprocess_vectors";
  if (!fs::exists(folder)) GTEST_SKIP() << "no fixture " << folder;
  const auto vectors = nlohmann::json::parse(readTextFile(folder / "decoded.json"));
  const fixtures::FixtureTensors decoded(folder / "decoded_rgb.safetensors");
  for (const auto& [name, row] : vectors.at("images").items()) {
    SCOPED_TRACE(name);
    const fs::path file = folder / "images" / row.at("file").get<std::string>();
    const RgbImage image = readImageFile(file);
    EXPECT_EQ(image.width, row.at("width").get<int>());
    EXPECT_EQ(image.height, row.at("height").get<int>());
    for (std::size_t channel = 0; channel < 3; ++channel) {
      double sum = 0.0;
      for (std::size_t i = channel; i < image.pixels.size(); i += 3) sum += image.pixels[i];
      EXPECT_NEAR(sum * 3.0 / static_cast<double>(image.pixels.size()), row.at("rgb_mean").at(channel).get<double>(), 0.05);
    }
    if (!decoded.has(name)) continue;
    RgbImage expected(image.width, image.height);
    expected.pixels = decoded.values<std::uint8_t>(name);
    const bool lossless = file.extension() == ".png";
    EXPECT_LE(largestDifference(image, expected), vectors.at("tolerance_levels").at(lossless ? "png" : "jpg").get<int>());
  }
}

}  // namespace
}  // namespace orthoscribe
