// SPDX-License-Identifier: GPL-2.0-or-later
// The answers of parity/public/box_grammar_vectors, well formed and not.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <numbers>
#include <string>

#include "core/base/files.h"
#include "core/tasks/dialect.h"

namespace orthoscribe::tasks {
namespace {

struct Vectors {
  const char* file;
  const char* dialect;
};

// Four corners, as given or by two of them and a clockwise turn about the centre.
geo::Quad expectedQuad(const nlohmann::json& object) {
  const auto pixels = object.at("pixels").get<std::vector<double>>();
  geo::Quad quad;
  if (pixels.size() == 8) {
    for (std::size_t i = 0; i < 4; ++i) quad[i] = {pixels[2 * i], pixels[2 * i + 1]};
    return quad;
  }
  const double angle = object.value("angle", 0.0) * std::numbers::pi / 180.0;
  const geo::Point centre{(pixels[0] + pixels[2]) / 2, (pixels[1] + pixels[3]) / 2};
  const double halfWidth = (pixels[2] - pixels[0]) / 2;
  const double halfHeight = (pixels[3] - pixels[1]) / 2;
  const double signs[4][2] = {{-1, -1}, {1, -1}, {1, 1}, {-1, 1}};
  for (std::size_t i = 0; i < 4; ++i) {
    const double dx = signs[i][0] * halfWidth;
    const double dy = signs[i][1] * halfHeight;
    quad[i] = {centre.x + std::cos(angle) * dx - std::sin(angle) * dy, centre.y + std::sin(angle) * dx + std::cos(angle) * dy};
  }
  return quad;
}

class BoxGrammar : public testing::TestWithParam<Vectors> {};

TEST_P(BoxGrammar, MatchesTheVectors) {
  const std::filesystem::path path =
      std::filesystem::path(ORTHOSCRIBE_SHARED_DIR) / "parity/public/box_grammar_vectors" / GetParam().file;
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no " << path;
  const nlohmann::json vectors = nlohmann::json::parse(readTextFile(path));
  const PictureFrame frame{vectors.at("width"), vectors.at("height"), vectors.at("resized_width"), vectors.at("resized_height")};
  const Dialect& dialect = dialectNamed(GetParam().dialect);
  ASSERT_FALSE(vectors.at("rows").empty());
  for (const nlohmann::json& row : vectors.at("rows")) {
    const std::string text = row.at("text");
    SCOPED_TRACE(text);
    const ParsedAnswer answer = dialect.parse(text, frame, {}, true);
    EXPECT_EQ(answer.dropped, row.at("dropped").get<int>());
    const auto& objects = row.at("objects");
    ASSERT_EQ(answer.boxes.size(), objects.size());
    for (std::size_t i = 0; i < objects.size(); ++i) {
      const auto& label = objects[i].at("label");
      EXPECT_EQ(answer.boxes[i].label, label.is_null() ? "" : label.get<std::string>());
      const geo::Quad expected = expectedQuad(objects[i]);
      for (std::size_t corner = 0; corner < 4; ++corner) {
        EXPECT_NEAR(answer.boxes[i].quad[corner].x, expected[corner].x, 1e-5) << "corner " << corner;
        EXPECT_NEAR(answer.boxes[i].quad[corner].y, expected[corner].y, 1e-5) << "corner " << corner;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Public, BoxGrammar,
                         testing::Values(Vectors{"a_plain_polygons.json", "rscovlm_polygon"},
                                         Vectors{"b_angle_0_100.json", "skynova"},
                                         Vectors{"c_qwen2_5_vl_json.json", "qwen2_5_vl"},
                                         Vectors{"d_qwen3_vl_json.json", "qwen3_vl"},
                                         Vectors{"e_internvl_ref_box.json", "internvl"}, Vectors{"f_geochat.json", "geochat"}),
                         [](const auto& chosen) { return std::string(chosen.param.dialect); });

}  // namespace
}  // namespace orthoscribe::tasks
