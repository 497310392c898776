// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/blocks/object_list.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

namespace orthoscribe::model {
namespace {

constexpr double kReferenceSidePx = 16;
constexpr double kInside = 0.7;  // of half a side: a centre nearer than this belongs to the same object
constexpr int kLargestNumber = 255;

double degrees(double radians) {
  return radians * 180 / std::numbers::pi;
}

ProposedObject objectAt(const torch::TensorAccessor<float, 3>& geometry, std::int64_t row, std::int64_t column,
                        std::int64_t cellPx) {
  const auto cell = static_cast<double>(cellPx);
  ProposedObject object;
  object.centreX = (static_cast<double>(column) + 0.5 + geometry[0][row][column]) * cell;
  object.centreY = (static_cast<double>(row) + 0.5 + geometry[1][row][column]) * cell;
  const double first = kReferenceSidePx * std::exp(std::clamp(static_cast<double>(geometry[2][row][column]), -3.0, 3.5));
  const double second = kReferenceSidePx * std::exp(std::clamp(static_cast<double>(geometry[3][row][column]), -3.0, 3.5));
  object.longSide = std::max(first, second);
  object.shortSide = std::min(first, second);
  const double angle = degrees(std::atan2(geometry[5][row][column], geometry[4][row][column])) / 2;
  object.angleDeg = std::fmod(angle + 360, 180);
  return object;
}

bool sameObject(const ProposedObject& better, const ProposedObject& other) {
  if (better.objectClass != other.objectClass) return false;
  const double angle = better.angleDeg * std::numbers::pi / 180;
  const double x = other.centreX - better.centreX;
  const double y = other.centreY - better.centreY;
  const double along = (x * std::cos(angle) + y * std::sin(angle)) / (better.longSide / 2 * kInside);
  const double across = (y * std::cos(angle) - x * std::sin(angle)) / (better.shortSide / 2 * kInside);
  return along * along + across * across < 1;
}

}  // namespace

std::array<int, 5> spokenNumbers(const ProposedObject& object) {
  const auto whole = [](double value) { return std::clamp(static_cast<int>(std::lround(value)), 0, kLargestNumber); };
  return {whole(object.centreX), whole(object.centreY), std::max(1, whole(object.longSide)), std::max(1, whole(object.shortSide)),
          static_cast<int>(std::lround(object.angleDeg)) % 180};
}

std::vector<ProposedObject> proposeObjects(const torch::Tensor& heat, const torch::Tensor& geometry,
                                           const ProposalOptions& options) {
  const torch::Tensor probability = heat.detach().to(at::kCPU, at::kFloat).sigmoid();
  const torch::Tensor highest = at::max_pool2d(probability.unsqueeze(0), {3, 3}, {1, 1}, {1, 1}).squeeze(0);
  const torch::Tensor peaks = at::where(probability.eq(highest), probability, at::zeros({}));
  const torch::Tensor places = peaks.contiguous();
  const std::int64_t wanted = std::min<std::int64_t>(options.limit * 2, places.numel());
  const auto [scores, indices] = places.flatten().topk(wanted);
  const torch::Tensor shapes = geometry.detach().to(at::kCPU, at::kFloat).contiguous();
  const auto shapeAt = shapes.accessor<float, 3>();
  const auto scoreAt = scores.accessor<float, 1>();
  const auto indexAt = indices.accessor<std::int64_t, 1>();
  const std::int64_t columns = heat.size(2);
  const std::int64_t cells = heat.size(1) * columns;
  std::vector<ProposedObject> objects;
  for (std::int64_t rank = 0; rank < wanted && static_cast<std::int64_t>(objects.size()) < options.limit; ++rank) {
    if (scoreAt[rank] < options.minimumScore) break;
    const std::int64_t cell = indexAt[rank] % cells;
    ProposedObject object = objectAt(shapeAt, cell / columns, cell % columns, options.cellPx);
    object.objectClass = static_cast<int>(indexAt[rank] / cells);
    object.score = scoreAt[rank];
    const bool known =
        std::any_of(objects.begin(), objects.end(), [&](const ProposedObject& better) { return sameObject(better, object); });
    if (!known) objects.push_back(object);
  }
  std::stable_sort(objects.begin(), objects.end(),
                   [](const ProposedObject& a, const ProposedObject& b) { return a.objectClass < b.objectClass; });
  return objects;
}

void numberWaves(int number, float* out) {
  for (int wave = 0; wave < kNumberWaves / 2; ++wave) {
    const double angle = 2 * std::numbers::pi * number / (256 >> wave);
    out[2 * wave] = static_cast<float>(std::cos(angle));
    out[2 * wave + 1] = static_cast<float>(std::sin(angle));
  }
}

std::int64_t objectFeatureCount(std::int64_t objectClasses) {
  constexpr std::int64_t kWaved = 5 + 1 + 2;  // its numbers, its place, the one before
  return objectClasses + 4 + kWaved * kNumberWaves;
}

torch::Tensor describeObjects(std::span<const ProposedObject> objects, std::int64_t objectClasses, std::int64_t limit) {
  const std::int64_t width = objectFeatureCount(objectClasses);
  torch::Tensor rows = at::zeros({limit, width});
  float* row = rows.data_ptr<float>();
  std::optional<std::array<int, 5>> before;
  int place = 0;
  const std::size_t count = std::min(objects.size(), static_cast<std::size_t>(limit));
  for (std::size_t index = 0; index < count; ++index, row += width) {
    const ProposedObject& object = objects[index];
    if (index > 0 && objects[index - 1].objectClass != object.objectClass) {
      before.reset();
      place = 0;
    }
    const std::array<int, 5> numbers = spokenNumbers(object);
    row[object.objectClass] = 1;
    float* out = row + objectClasses;
    const double logit = std::log(std::max(object.score, 1e-4) / std::max(1 - object.score, 1e-4));
    *out++ = 1;
    *out++ = static_cast<float>(object.score);
    *out++ = static_cast<float>(std::clamp(logit, -4.0, 6.0) / 3);
    *out++ = before ? 0.0F : 1.0F;
    for (const int number : numbers) {
      numberWaves(number, out);
      out += kNumberWaves;
    }
    numberWaves(++place, out);
    out += kNumberWaves;
    if (before) {
      numberWaves((*before)[0], out);
      numberWaves((*before)[1], out + kNumberWaves);
    }
    before = numbers;
  }
  return rows;
}

}  // namespace orthoscribe::model
