// SPDX-License-Identifier: GPL-2.0-or-later
// A raster whose pixels say where they are, with known rectangles on it, and a model that reads both from the picture it is
// shown.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/scripted_model.h"
#include "core/geo/oriented_box.h"
#include "tests/raster/made_raster.h"

namespace orthoscribe::tasks {

struct CodedShape {
  std::string label;
  geo::OrientedBox box;  // raster pixels
};

struct CodedScene {
  int width = 300;
  int height = 260;
  std::vector<CodedShape> shapes;

  // Red and green: column and row modulo 256; blue: their higher parts, or kShapeBlue + number of the shape that covers the
  // pixel.
  geo::MadeRaster raster() const;
};

inline constexpr int kShapeBlue = 240;

// Raster pixel of the upper left corner of a picture that shows the scene at full resolution; nothing when the picture shows none
// of its background.
std::optional<geo::Point> originOf(const RgbImage& picture);

// Names, in the dialect, each shape of a class that was asked for (its name stands in the prompt) whose centre the picture shows,
// and checks that the picture indeed has the shape's colour there.
ModelInfo codedModelInfo(std::string_view dialect, int imageSidePx);
std::string answerFromPicture(const CodedScene& scene, std::string_view dialect, const std::vector<Message>& messages);
std::unique_ptr<ScriptedModel> codedModel(const CodedScene& scene, std::string_view dialect, int imageSidePx);

}  // namespace orthoscribe::tasks
