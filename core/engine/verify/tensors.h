// SPDX-License-Identifier: GPL-2.0-or-later
// Tensors of fixtures: finding and comparing them.
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/rgb_image.h"
#include "core/engine/verify/result.h"
#include "core/model/weights/safetensors.h"

namespace orthoscribe::engine::verify {

// Largest |a - b| / max(1, largest |b|), the measure of parity/README.md. Another number of elements, or shapes that differ in
// more than leading ones, do not hold.
Check compareTensors(std::string what, const at::Tensor& actual, const at::Tensor& expected, double tolerance);

// All safetensors files of a folder whose names begin so, as one.
class TensorFolder {
 public:
  explicit TensorFolder(const std::filesystem::path& folder, const std::string& beginning = {});
  std::optional<at::Tensor> find(const std::string& name) const;

 private:
  std::vector<model::SafetensorsFile> files_;
};

// uint8 [H, W, 3] on the CPU.
at::Tensor tensorOf(const RgbImage& image);

// int64 of any shape -> its values in order.
std::vector<std::int64_t> idsOf(const at::Tensor& ids);

}  // namespace orthoscribe::engine::verify
