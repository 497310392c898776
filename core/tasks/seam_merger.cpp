// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/tasks/seam_merger.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/geo/box_grid.h"

namespace orthoscribe::tasks {
namespace {

// Calls visit with the key of each cell that the bounds of a box touch.
template <typename Visit>
void forEachCell(const geo::Quad& quad, double cellSide, Visit&& visit) {
  const geo::UprightBox box = geo::uprightBoxOf(quad);
  const auto cell = [cellSide](double value) { return static_cast<std::int64_t>(std::floor(value / cellSide)); };
  for (std::int64_t row = cell(box.minY); row <= cell(box.maxY); ++row) {
    for (std::int64_t column = cell(box.minX); column <= cell(box.maxX); ++column) {
      visit(static_cast<std::uint64_t>(row) << 32 ^ static_cast<std::uint64_t>(column & 0xFFFFFFFF));
    }
  }
}

bool same(const geo::Detection& a, const geo::Detection& b) {
  return a.tile == b.tile && a.pixelQuad == b.pixelQuad && a.label == b.label && a.score == b.score;
}

}  // namespace

SeamMerger::SeamMerger(double iouThreshold, double cellSide) : iouThreshold_(iouThreshold), cellSide_(std::max(1.0, cellSide)) {}

SeamMerger::Merged SeamMerger::add(std::vector<geo::Detection> ofOneWindow) {
  const std::vector<std::size_t> near = livingNear(ofOneWindow);
  std::vector<geo::Detection> candidates;
  for (const std::size_t number : near) candidates.push_back(all_[number].detection);
  candidates.insert(candidates.end(), ofOneWindow.begin(), ofOneWindow.end());
  const std::vector<geo::Detection> survivors = geo::mergeAcrossSeams(candidates, iouThreshold_);

  // Survivors keep their order, so walking both lists tells who is missing.
  Merged merged;
  std::size_t survivor = 0;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const bool stays = survivor < survivors.size() && same(candidates[i], survivors[survivor]);
    if (stays) ++survivor;
    if (i < near.size() && !stays) merged.replaced.push_back(near[i]);
    if (i >= near.size() && stays) merged.found.push_back(std::move(candidates[i]));
  }
  for (const std::size_t number : merged.replaced) all_[number].alive = false;
  alive_ -= merged.replaced.size();
  for (const geo::Detection& detection : merged.found) append(detection);
  return merged;
}

std::vector<geo::Detection> SeamMerger::take() {
  std::vector<geo::Detection> result;
  result.reserve(alive_);
  for (Numbered& numbered : all_) {
    if (numbered.alive) result.push_back(std::move(numbered.detection));
  }
  all_.clear();
  cells_.clear();
  alive_ = 0;
  return result;
}

std::vector<std::size_t> SeamMerger::livingNear(const std::vector<geo::Detection>& boxes) const {
  std::vector<std::size_t> numbers;
  for (const geo::Detection& box : boxes) {
    forEachCell(box.pixelQuad, cellSide_, [&](std::uint64_t key) {
      const auto cell = cells_.find(key);
      if (cell == cells_.end()) return;
      for (const std::size_t number : cell->second) {
        if (all_[number].alive) numbers.push_back(number);
      }
    });
  }
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

void SeamMerger::append(geo::Detection detection) {
  const std::size_t number = all_.size();
  forEachCell(detection.pixelQuad, cellSide_, [&](std::uint64_t key) { cells_[key].push_back(number); });
  all_.push_back({std::move(detection), true});
  ++alive_;
}

}  // namespace orthoscribe::tasks
