// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/box_targets.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace orthoscribe::learn {
namespace {

constexpr double kSigmaShare = 0.17;  // of a side
constexpr double kSmallestSigmaPx = 2.0;
constexpr double kGeometryReach = 0.6;    // heat from which a cell also learns the box
constexpr double kMaximumSigmaPx = 12.0;  // a large object still has one definite middle

// Heat of one object at a place of the view.
class Bump {
 public:
  explicit Bump(const geo::OrientedBox& box)
      : centre_(box.centre),
        cosine_(std::cos(box.angleDeg * std::numbers::pi / 180)),
        sine_(std::sin(box.angleDeg * std::numbers::pi / 180)),
        sigmaLong_(std::clamp(box.longSide * kSigmaShare, kSmallestSigmaPx, kMaximumSigmaPx)),
        sigmaShort_(std::clamp(box.shortSide * kSigmaShare, kSmallestSigmaPx, kMaximumSigmaPx)) {}

  double at(double x, double y) const {
    const double along = ((x - centre_.x) * cosine_ + (y - centre_.y) * sine_) / sigmaLong_;
    const double across = ((y - centre_.y) * cosine_ - (x - centre_.x) * sine_) / sigmaShort_;
    return std::exp(-0.5 * (along * along + across * across));
  }
  double reachPx() const { return 3.5 * std::max(sigmaLong_, sigmaShort_); }

 private:
  geo::Point centre_;
  double cosine_;
  double sine_;
  double sigmaLong_;
  double sigmaShort_;
};

double angleImportance(const LabelledBox& labelled) {
  if (labelled.objectClass == kStorageTank) return 0;
  const double ratio = labelled.box.longSide / std::max(labelled.box.shortSide, 1.0);
  return std::clamp((ratio - 1) * 3, 0.1, 1.0);
}

struct CellBox {
  float heat = 0;
  std::size_t object = 0;
};

void writeGeometry(BoxTargets& targets, const std::vector<LabelledBox>& boxes, const std::vector<CellBox>& owners, int cells,
                   int cell) {
  auto geometry = targets.geometry.accessor<float, 3>();
  auto weight = targets.geometryWeight.accessor<float, 3>();
  auto angleWeight = targets.angleWeight.accessor<float, 3>();
  std::vector<float> shares(boxes.size(), 0);
  for (const CellBox& owner : owners) {
    if (owner.heat > 0) shares[owner.object] += owner.heat;
  }
  for (int row = 0; row < cells; ++row) {
    for (int column = 0; column < cells; ++column) {
      const CellBox& owner = owners[static_cast<std::size_t>(row * cells + column)];
      if (owner.heat <= 0) continue;
      const geo::OrientedBox& box = boxes[owner.object].box;
      const double doubled = 2 * box.angleDeg * std::numbers::pi / 180;
      geometry[0][row][column] = static_cast<float>(box.centre.x / cell - (column + 0.5));
      geometry[1][row][column] = static_cast<float>(box.centre.y / cell - (row + 0.5));
      geometry[2][row][column] = static_cast<float>(std::log(std::max(box.longSide, 1.0) / kReferenceSidePx));
      geometry[3][row][column] = static_cast<float>(std::log(std::max(box.shortSide, 1.0) / kReferenceSidePx));
      geometry[4][row][column] = static_cast<float>(std::cos(doubled));
      geometry[5][row][column] = static_cast<float>(std::sin(doubled));
      weight[0][row][column] = owner.heat / shares[owner.object];
      angleWeight[0][row][column] = weight[0][row][column] * static_cast<float>(angleImportance(boxes[owner.object]));
    }
  }
}

}  // namespace

BoxTargets makeBoxTargets(const Sample& sample, const View& view, int side, int cell) {
  const int cells = side / cell;
  const auto classes = static_cast<std::int64_t>(kObjectClassCount);
  BoxTargets targets{at::zeros({classes, cells, cells}), at::zeros({classes, cells, cells}),
                     at::zeros({kGeometryChannels, cells, cells}), at::zeros({1, cells, cells}), at::zeros({1, cells, cells})};
  auto heat = targets.heat.accessor<float, 3>();
  std::vector<CellBox> owners(static_cast<std::size_t>(cells * cells));
  for (std::size_t object = 0; object < view.boxes.size(); ++object) {
    const LabelledBox& labelled = view.boxes[object];
    const Bump bump(labelled.box);
    const geo::Point centre = labelled.box.centre;
    const int centreColumn = std::clamp(static_cast<int>(centre.x / cell), 0, cells - 1);
    const int centreRow = std::clamp(static_cast<int>(centre.y / cell), 0, cells - 1);
    const int reach = static_cast<int>(bump.reachPx() / cell) + 1;
    for (int row = std::max(0, centreRow - reach); row <= std::min(cells - 1, centreRow + reach); ++row) {
      for (int column = std::max(0, centreColumn - reach); column <= std::min(cells - 1, centreColumn + reach); ++column) {
        const bool middle = row == centreRow && column == centreColumn;
        const auto value = middle ? 1.0F : static_cast<float>(std::min(bump.at((column + 0.5) * cell, (row + 0.5) * cell), 0.95));
        float& cellHeat = heat[labelled.objectClass][row][column];
        cellHeat = std::max(cellHeat, value);
        CellBox& owner = owners[static_cast<std::size_t>(row * cells + column)];
        if (sample.shapesKnown && value > kGeometryReach && value > owner.heat) owner = {value, object};
      }
    }
  }
  writeGeometry(targets, view.boxes, owners, cells, cell);
  for (std::size_t index = 0; index < kObjectClassCount; ++index) {
    if (sample.boxesKnown[index]) targets.heatWeight[static_cast<std::int64_t>(index)].fill_(1);
  }
  auto weight = targets.heatWeight.accessor<float, 3>();
  for (int row = 0; row < cells; ++row) {
    for (int column = 0; column < cells; ++column) {
      if (showsSource(sample, view.transform, {(column + 0.5) * cell, (row + 0.5) * cell})) continue;
      for (std::size_t index = 0; index < kObjectClassCount; ++index) weight[static_cast<std::int64_t>(index)][row][column] = 0;
    }
  }
  return targets;
}

}  // namespace orthoscribe::learn
