// SPDX-License-Identifier: GPL-2.0-or-later
// A raster of 648 million pixels is walked without being held.
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "core/base/scripted_model.h"
#include "core/tasks/detect.h"

namespace orthoscribe::tasks {
namespace {

constexpr double kMostMegabytes = 400;

double statusMegabytes(const std::string& field) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(field + ":")) return std::stod(line.substr(field.size() + 1)) / 1024.0;
  }
  return -1;
}

TEST(DetectMemory, StaysBoundedOnAVeryLargeRaster) {
  const std::filesystem::path path = std::filesystem::path(ORTHOSCRIBE_SHARED_DIR) / "data/georasters/cog_world_36000x18000.tif";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no " << path;
  geo::GdalRaster raster(path.string());
  ModelInfo info;
  info.name = "scripted";
  info.dialect = "starter";
  info.imageSidePx = 448;
  info.groundResolutionM = 0;
  ScriptedModel model(
      info, [](const auto&) { return std::string("ship 40 40 20 10 30\nship 128 200 20 10 120\nship 220 90 9 9 0\n"); });
  DetectOptions options;
  options.classes = {"ship"};
  options.overlap = 0.0;

  std::ofstream("/proc/self/clear_refs") << "5";  // forgets the peak so far
  const double before = statusMegabytes("VmRSS");
  const DetectReport report = detect(raster, model, options, {}, {});
  const double peak = statusMegabytes("VmHWM") - before;
  std::printf("peak %.0f MB above the start, %d windows, %zu detections\n", peak, report.tilesTotal, report.detections.size());
  EXPECT_EQ(report.tilesAsked + report.tilesEmpty, report.tilesTotal);
  EXPECT_GT(report.tilesAsked, 1000);
  EXPECT_GE(report.detections.size(), 3U * 1000U);
  EXPECT_LE(peak, kMostMegabytes);
}

}  // namespace
}  // namespace orthoscribe::tasks
