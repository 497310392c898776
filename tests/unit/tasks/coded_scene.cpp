// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/tasks/coded_scene.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/tasks/dialect.h"

namespace orthoscribe::tasks {
namespace {

bool covers(const geo::OrientedBox& box, double x, double y) {
  const double angle = box.angleDeg * std::numbers::pi / 180.0;
  const double dx = x - box.centre.x;
  const double dy = y - box.centre.y;
  return std::abs(std::cos(angle) * dx + std::sin(angle) * dy) <= box.longSide / 2 &&
         std::abs(-std::sin(angle) * dx + std::cos(angle) * dy) <= box.shortSide / 2;
}

}  // namespace

geo::MadeRaster CodedScene::raster() const {
  geo::MadeRaster made;
  made.width = width;
  made.height = height;
  made.value = [scene = *this](int band, int column, int row) {
    if (band == 1) return double(column % 256);
    if (band == 2) return double(row % 256);
    for (std::size_t i = 0; i < scene.shapes.size(); ++i) {
      if (covers(scene.shapes[i].box, column + 0.5, row + 0.5)) return double(kShapeBlue) + double(i);
    }
    return double(column / 256 + row / 256 * 8);
  };
  return made;
}

std::optional<geo::Point> originOf(const RgbImage& picture) {
  for (int row = 0; row < picture.height; ++row) {
    for (int column = 0; column < picture.width; ++column) {
      const std::uint8_t* pixel = picture.at(column, row);
      if (pixel[2] >= kShapeBlue || (pixel[0] == 0 && pixel[1] == 0 && pixel[2] == 0)) continue;
      return geo::Point{double(pixel[0] + pixel[2] % 8 * 256 - column), double(pixel[1] + pixel[2] / 8 * 256 - row)};
    }
  }
  return std::nullopt;
}

ModelInfo codedModelInfo(std::string_view dialect, int imageSidePx) {
  ModelInfo info;
  info.name = "scripted";
  info.dialect = dialect;
  info.imageSidePx = imageSidePx;
  info.groundResolutionM = 0;
  return info;
}

std::string answerFromPicture(const CodedScene& scene, std::string_view dialectName, const std::vector<Message>& messages) {
  const Dialect& dialect = dialectNamed(dialectName);
  const Message& question = messages.back();
  const RgbImage& picture = question.images.at(0);
  const std::optional<geo::Point> origin = originOf(picture);
  EXPECT_TRUE(origin) << "the picture shows nothing of the scene";
  const PictureFrame frame = dialect.frameOf(picture.width, picture.height);
  // A family whose prompt names no class is asked for all of them.
  const bool namesClasses = std::any_of(scene.shapes.begin(), scene.shapes.end(), [&](const CodedShape& shape) {
    return question.text.find(shape.label) != std::string::npos;
  });
  std::string answer;
  for (std::size_t i = 0; origin && i < scene.shapes.size(); ++i) {
    const CodedShape& shape = scene.shapes[i];
    if (namesClasses && question.text.find(shape.label) == std::string::npos) continue;
    geo::OrientedBox box = shape.box;
    box.centre = {box.centre.x - origin->x, box.centre.y - origin->y};
    const bool seen =
        box.centre.x >= 1 && box.centre.y >= 1 && box.centre.x < picture.width - 1 && box.centre.y < picture.height - 1;
    if (!seen) continue;
    EXPECT_EQ(picture.at(int(box.centre.x), int(box.centre.y))[2], kShapeBlue + int(i)) << "another picture than was thought";
    answer += dialect.format(box, shape.label, frame) + "\n";
  }
  return answer;
}

std::unique_ptr<ScriptedModel> codedModel(const CodedScene& scene, std::string_view dialect, int imageSidePx) {
  return std::make_unique<ScriptedModel>(codedModelInfo(dialect, imageSidePx),
                                         [scene, name = std::string(dialect)](const std::vector<Message>& messages) {
                                           return answerFromPicture(scene, name, messages);
                                         });
}

}  // namespace orthoscribe::tasks
