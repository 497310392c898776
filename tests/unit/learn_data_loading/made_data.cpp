// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/learn_data_loading/made_data.h"

#include <algorithm>
#include <fstream>

#include "core/vision/resize.h"

namespace orthoscribe::learn::test {

RgbImage busyImage(int width, int height, unsigned seed) {
  std::mt19937 random(seed);
  const auto below = [&](int limit) { return static_cast<int>(random() % static_cast<unsigned>(limit)); };
  RgbImage image(width, height);
  for (int patch = 0; patch < 40; ++patch) {
    const int left = below(width);
    const int top = below(height);
    const int right = std::min(width, left + 1 + below(width / 2));
    const int bottom = std::min(height, top + 1 + below(height / 2));
    const std::uint8_t colour[3] = {static_cast<std::uint8_t>(below(256)), static_cast<std::uint8_t>(below(256)),
                                    static_cast<std::uint8_t>(below(256))};
    for (int row = top; row < bottom; ++row) {
      for (int column = left; column < right; ++column) std::copy_n(colour, 3, image.at(column, row));
    }
  }
  return image;
}

geo::RasterWindow MadeRaster::read(const geo::PixelRect& source, int imageWidth, int imageHeight, const CancelToken&) {
  largestWindow = std::max(largestWindow, source.width * source.height);
  RgbImage cut(static_cast<int>(source.width), static_cast<int>(source.height));
  for (int row = 0; row < cut.height; ++row) {
    for (int column = 0; column < cut.width; ++column)
      std::copy_n(image_.at(static_cast<int>(source.column) + column, static_cast<int>(source.row) + row), 3,
                  cut.at(column, row));
  }
  geo::RasterWindow window;
  window.image = vision::resize(cut, imageWidth, imageHeight, vision::ResampleFilter::Box);
  window.source = source;
  return window;
}

LabelledShape turnedShape(const std::string& label, geo::Point centre, double longSide, double shortSide, double angleDeg) {
  return {label, geo::corners(geo::makeOrientedBox(centre, longSide, shortSide, angleDeg)), false};
}

Conversation askedAbout(const std::string& image, const std::string& question, const std::string& answer) {
  Conversation conversation;
  if (!image.empty()) conversation.images = {image};
  conversation.task = "vqa";
  conversation.turns = {{Role::User, (image.empty() ? "" : "<image>") + question}, {Role::Assistant, answer}};
  return conversation;
}

void writeConversations(const std::filesystem::path& path, const std::vector<Conversation>& conversations) {
  std::ofstream stream(path, std::ios::binary);
  for (const Conversation& conversation : conversations) writeConversation(stream, conversation);
}

}  // namespace orthoscribe::learn::test
