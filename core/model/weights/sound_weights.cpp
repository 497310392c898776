// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/weights/sound_weights.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/base/error.h"
#include "core/model/weights/checkpoint.h"
#include "core/model/weights/safetensors.h"

namespace orthoscribe::model {
namespace {

// The place in a tensor of this shape, rows first, of its number `flat`.
std::vector<std::int64_t> placeOf(std::int64_t flat, c10::IntArrayRef shape) {
  std::vector<std::int64_t> place(shape.size());
  for (std::size_t axis = shape.size(); axis-- > 0; flat /= shape[axis]) place[axis] = flat % shape[axis];
  return place;
}

}  // namespace

void requireWeightType(torch::ScalarType stored, const std::string& where) {
  constexpr std::array kKnown = {torch::kFloat64, torch::kFloat32, torch::kFloat16, torch::kBFloat16};
  if (std::ranges::find(kKnown, stored) != kKnown.end()) return;
  throw Error(ErrorCode::InvalidInput,
              where + " has the dtype " + std::string(dtypeName(stored)) + ", expected is F64, F32, F16 or BF16",
              "give the checkpoint with its weights as floating numbers, not quantised");
}

void requireFinite(const torch::Tensor& values, const std::string& where) {
  // A sum carries every NaN and infinity on to its end. It may also overflow by itself: then the values are looked at singly.
  if (values.numel() == 0 || std::isfinite(at::sum(values, at::kFloat).item<float>())) return;
  const torch::Tensor broken = at::isfinite(values).logical_not().flatten();
  const auto count = broken.sum().item<std::int64_t>();
  if (count == 0) return;
  const auto first = broken.to(at::kByte).argmax().item<std::int64_t>();
  const bool isNan = std::isnan(values.flatten()[first].item<double>());
  throw Error(ErrorCode::InvalidInput,
              where + " has " + std::to_string(count) + " of " + std::to_string(values.numel()) +
                  " values that are not finite in " + std::string(dtypeName(values.scalar_type())) + "; the first, at " +
                  shapeText(placeOf(first, values.sizes())) + ", is " + (isNan ? "NaN" : "infinite"),
              "the file is damaged or its training broke down; fetch it again");
}

}  // namespace orthoscribe::model
