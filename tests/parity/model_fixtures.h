// SPDX-License-Identifier: GPL-2.0-or-later
// Fixture folders of the parity set, and the rule by which tensors agree (its README, "Tolerances").
#pragma once

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace orthoscribe::fixtures {

inline std::filesystem::path parityFolder() {
  return std::filesystem::path(ORTHOSCRIBE_SHARED_DIR) / "parity" / "public";
}

// Folders directly inside `folder` that hold `file`, sorted, as paths relative to parityFolder(). Empty when there is none.
inline std::vector<std::string> foldersWith(const std::string& folder, const std::string& file) {
  std::vector<std::string> found;
  std::error_code missing;
  for (const auto& entry : std::filesystem::directory_iterator(parityFolder() / folder, missing)) {
    if (std::filesystem::exists(entry.path() / file)) found.push_back(folder + "/" + entry.path().filename().string());
  }
  std::sort(found.begin(), found.end());
  return found;
}

inline nlohmann::json readJson(const std::filesystem::path& path) {
  std::ifstream stream(path);
  return nlohmann::json::parse(stream);
}

// max |a - b| <= tolerance * max(1, max |b|)
inline void expectClose(const std::string& what, const at::Tensor& got, const at::Tensor& expected, double tolerance) {
  ASSERT_EQ(got.sizes(), expected.sizes()) << what;
  const at::Tensor wanted = expected.to(at::kDouble);
  const double error = (got.to(at::kDouble) - wanted).abs().max().item<double>();
  const double allowed = tolerance * std::max(1.0, wanted.abs().max().item<double>());
  EXPECT_LE(error, allowed) << what;
}

// A case folder as a name that GoogleTest accepts.
inline std::string testName(const testing::TestParamInfo<std::string>& test) {
  std::string name = test.param;
  std::replace_if(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

}  // namespace orthoscribe::fixtures
