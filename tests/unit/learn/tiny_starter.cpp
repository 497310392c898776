// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/learn/tiny_starter.h"

#include <cmath>

#include "core/learn/data/view.h"
#include "core/learn/train/starter_tokenizer.h"

namespace orthoscribe::learn {
namespace {

constexpr int kSide = 64;

void paint(RgbImage& image, const geo::OrientedBox& box, const std::array<std::uint8_t, 3>& colour) {
  const double angle = box.angleDeg * M_PI / 180;
  for (int row = 0; row < image.height; ++row) {
    for (int column = 0; column < image.width; ++column) {
      const double x = column + 0.5 - box.centre.x;
      const double y = row + 0.5 - box.centre.y;
      if (std::abs(x * std::cos(angle) + y * std::sin(angle)) > box.longSide / 2 ||
          std::abs(y * std::cos(angle) - x * std::sin(angle)) > box.shortSide / 2)
        continue;
      std::copy(colour.begin(), colour.end(), image.at(column, row));
    }
  }
}

}  // namespace

std::vector<Sample> tinySamples(int count) {
  Random random(11);
  std::vector<Sample> samples;
  for (int index = 0; index < count; ++index) {
    const bool ship = index % 2 == 0;
    Sample sample;
    sample.name = "scenes/tiny/" + std::to_string(index) + ".png";
    sample.image = RgbImage(kSide, kSide);
    std::fill(sample.image.pixels.begin(), sample.image.pixels.end(), std::uint8_t{40});
    sample.scene = ship ? 10 : 15;
    const geo::OrientedBox box{{uniform(random, 18, 46), uniform(random, 18, 46)}, 26, 12, uniform(random, -90, 90)};
    paint(sample.image, box, ship ? std::array<std::uint8_t, 3>{250, 250, 250} : std::array<std::uint8_t, 3>{230, 40, 40});
    sample.boxes.push_back({box, ship ? kShip : kCar, false});
    sample.boxesKnown.fill(true);
    sample.caption = ship ? "One white ship." : "One red car.";
    sample.attributes[0] = ship ? Truth::Yes : Truth::No;
    samples.push_back(std::move(sample));
  }
  return samples;
}

std::vector<QuestionAnswer> tinyKnowledge() {
  return {{"which band is red?", "B4"},
          {"what does NDVI show?", "vegetation"},
          {"how wide is the swath of Sentinel-2?", "290 km"},
          {"true or false: NDWI is an index for water.", "yes"}};
}

StarterShape tinyShape(std::int64_t vocabulary) {
  StarterShape shape;
  shape.vision.sidePx = kSide;
  shape.vision.width = 32;
  shape.vision.proposals.limit = 6;
  shape.vision.tower.stem = 4;
  shape.vision.tower.stage4 = 8;
  shape.vision.tower.stage8 = 8;
  shape.vision.tower.stage16 = 8;
  shape.vision.tower.stage32 = 12;
  shape.vision.tower.pyramid = 8;
  shape.vision.tower.head = 8;
  shape.decoder.vocabulary = vocabulary;
  shape.decoder.width = 32;
  shape.decoder.layers = 2;
  shape.decoder.heads = 2;
  shape.decoder.feedForward = 48;
  shape.decoder.rank = 4;
  shape.decoder.alpha = 8;
  return shape;
}

std::unique_ptr<text::Tokenizer> tinyTokenizer(const std::vector<Sample>& samples, const std::filesystem::path& folder) {
  trainStarterTokenizer(samples, tinyKnowledge(), folder);
  return text::loadTokenizer(folder);
}

}  // namespace orthoscribe::learn
