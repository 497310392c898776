// SPDX-License-Identifier: GPL-2.0-or-later
// What fixtures of image preparation have in common: their pictures, and how pixels are compared.
#pragma once

#include <ATen/core/Tensor.h>

#include <nlohmann/json.hpp>
#include <string>

#include "core/base/rgb_image.h"
#include "core/engine/verify/json_fixtures.h"
#include "core/engine/verify/result.h"
#include "core/vision/normalisation.h"

namespace orthoscribe::engine::verify {

// The picture of one entry of the fixture's "images".
RgbImage imageOf(const JsonFixture& file, const nlohmann::json& entry);

// "normalise": {"mean", "std"}.
vision::Normalisation normalisationOf(const nlohmann::json& file);

// 8-bit values: every one within `levels`, and at most `share` of them different at all.
Check compareBytes(std::string what, const at::Tensor& actual, const at::Tensor& expected, double levels, double share);

// Count, mean, extremes and samples of a tensor that the fixture does not hold as a whole.
void comparePixelValues(const std::string& name, const at::Tensor& values, const nlohmann::json& expected, double tolerance,
                        CaseResult& result);

}  // namespace orthoscribe::engine::verify
