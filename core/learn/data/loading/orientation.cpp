// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/loading/orientation.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace orthoscribe::learn {

Side Orientation::turned(Side side) const {
  int place = static_cast<int>(side);
  if (mirrored && place % 2 == 0) place = (place + 2) % 4;
  return static_cast<Side>((place + quarterTurns) % 4);
}

geo::Point Orientation::turned(geo::Point place, double width, double height) const {
  if (mirrored) place.x = width - place.x;
  for (int turn = 0; turn < quarterTurns; ++turn) {
    place = {height - place.y, place.x};
    std::swap(width, height);
  }
  return place;
}

geo::Quad Orientation::turned(const geo::Quad& quad, double width, double height) const {
  geo::Quad result;
  std::transform(quad.begin(), quad.end(), result.begin(), [&](geo::Point corner) { return turned(corner, width, height); });
  return result;
}

RgbImage Orientation::turned(const RgbImage& image) const {
  if (isIdentity()) return image;
  const bool swapped = swapsAxes();
  RgbImage result(swapped ? image.height : image.width, swapped ? image.width : image.height);
  for (int row = 0; row < image.height; ++row) {
    for (int column = 0; column < image.width; ++column) {
      const geo::Point centre = turned(geo::Point{column + 0.5, row + 0.5}, image.width, image.height);
      std::copy_n(image.at(column, row), 3, result.at(static_cast<int>(centre.x), static_cast<int>(centre.y)));
    }
  }
  return result;
}

const std::array<Orientation, 8>& orientations() {
  static constexpr std::array<Orientation, 8> kAll = {
      {{false, 0}, {false, 1}, {false, 2}, {false, 3}, {true, 0}, {true, 1}, {true, 2}, {true, 3}}};
  return kAll;
}

}  // namespace orthoscribe::learn
