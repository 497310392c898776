// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/verify/tensors.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <limits>
#include <sstream>
#include <utility>

namespace orthoscribe::engine::verify {
namespace {

namespace fs = std::filesystem;

std::vector<std::int64_t> shapeOf(const at::Tensor& tensor) {
  const auto sizes = tensor.sizes();
  return {std::find_if(sizes.begin(), sizes.end(), [](std::int64_t size) { return size != 1; }), sizes.end()};
}

}  // namespace

Check compareTensors(std::string what, const at::Tensor& actual, const at::Tensor& expected, double tolerance) {
  Check check{.what = std::move(what), .error = std::numeric_limits<double>::quiet_NaN(), .tolerance = tolerance, .note = {}};
  if (shapeOf(actual) != shapeOf(expected)) {
    std::ostringstream note;
    note << "the shape is " << actual.sizes() << " instead of " << expected.sizes();
    check.note = note.str();
    return check;
  }
  if (expected.numel() == 0) {
    check.error = 0.0;
    return check;
  }
  const at::Tensor ours = actual.detach().to(at::kCPU, at::kDouble).reshape({-1});
  const at::Tensor theirs = expected.to(at::kCPU, at::kDouble).reshape({-1});
  const at::Tensor difference = (ours - theirs).abs();
  const double largest = theirs.abs().max().item<double>();
  check.error = difference.max().item<double>() / std::max(1.0, largest);
  const auto at = difference.argmax().item<std::int64_t>();
  std::ostringstream note;
  note << "largest at element " << at << ": " << ours[at].item<double>() << " instead of " << theirs[at].item<double>();
  check.note = note.str();
  return check;
}

TensorFolder::TensorFolder(const fs::path& folder, const std::string& beginning) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".safetensors" && entry.path().filename().string().starts_with(beginning))
      paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  for (const fs::path& path : paths) files_.emplace_back(path);
}

std::optional<at::Tensor> TensorFolder::find(const std::string& name) const {
  for (const model::SafetensorsFile& file : files_)
    if (file.has(name)) return file.tensor(name);
  return std::nullopt;
}

at::Tensor tensorOf(const RgbImage& image) {
  at::Tensor tensor = at::empty({image.height, image.width, 3}, at::kByte);
  std::copy(image.pixels.begin(), image.pixels.end(), tensor.mutable_data_ptr<std::uint8_t>());
  return tensor;
}

std::vector<std::int64_t> idsOf(const at::Tensor& ids) {
  const at::Tensor flat = ids.to(at::kCPU, at::kLong).reshape({-1}).contiguous();
  return {flat.const_data_ptr<std::int64_t>(), flat.const_data_ptr<std::int64_t>() + flat.numel()};
}

}  // namespace orthoscribe::engine::verify
