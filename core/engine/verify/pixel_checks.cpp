// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/verify/pixel_checks.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cstdlib>
#include <utility>
#include <vector>

#include "core/base/image_codec.h"
#include "core/engine/verify/tensors.h"

namespace orthoscribe::engine::verify {

RgbImage imageOf(const JsonFixture& file, const nlohmann::json& entry) {
  return readImageFile(file.path.parent_path() / "images" / entry.at("file").get<std::string>());
}

Check compareBytes(std::string what, const at::Tensor& actual, const at::Tensor& expected, double levels, double share) {
  if (actual.sizes() != expected.sizes()) return compareTensors(std::move(what), actual, expected, 0.0);
  const at::Tensor difference = (actual.to(at::kInt) - expected.to(at::kInt)).abs();
  const double largest = difference.max().item<double>();
  const double differing = difference.gt(0).to(at::kDouble).mean().item<double>();
  Check check{
      .what = std::move(what), .error = largest, .tolerance = levels, .note = std::to_string(differing * 100) + " % differ"};
  // A breach of the share shows as one of the level.
  if (differing > share) check.error = std::max(largest, levels + 1);
  return check;
}

void comparePixelValues(const std::string& name, const at::Tensor& values, const nlohmann::json& expected, double tolerance,
                        CaseResult& result) {
  result.checks.push_back(
      exactly(name + " count", std::abs(values.numel() - expected.at("count").get<std::int64_t>()), values.numel()));
  if (!result.checks.back().holds()) return;
  const at::Tensor flat = values.reshape({-1}).to(at::kDouble);
  const at::Tensor statistics = at::stack({flat.mean(), flat.abs().mean(), flat.min(), flat.max()});
  const std::vector<double> theirs = {expected.at("mean"), expected.at("mean_abs"), expected.at("min"), expected.at("max")};
  result.checks.push_back(compareTensors(name + " statistics", statistics, at::tensor(theirs, at::kDouble), tolerance));
  const auto places = expected.at("sample_index").get<std::vector<std::int64_t>>();
  const auto samples = expected.at("sample_value").get<std::vector<double>>();
  result.checks.push_back(compareTensors(name + " samples", flat.index_select(0, at::tensor(places, at::kLong)),
                                         at::tensor(samples, at::kDouble), tolerance));
}

vision::Normalisation normalisationOf(const nlohmann::json& file) {
  vision::Normalisation normalisation;
  file.at("normalise").at("mean").get_to(normalisation.mean);
  file.at("normalise").at("std").get_to(normalisation.deviation);
  return normalisation;
}

}  // namespace orthoscribe::engine::verify
