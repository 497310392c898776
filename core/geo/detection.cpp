// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/geo/detection.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <utility>

#include "core/geo/box_grid.h"

namespace orthoscribe::geo {
namespace {

bool isFinite(const Quad& quad) {
  return std::all_of(quad.begin(), quad.end(), [](Point p) { return std::isfinite(p.x) && std::isfinite(p.y); });
}

// Boxes of one label, with what is asked of them often.
class LabelGroup {
 public:
  LabelGroup(const std::vector<Detection>& detections, std::span<const std::size_t> members)
      : detections_(detections), members_(members) {
    for (const std::size_t member : members) {
      bounds_.push_back(uprightBoxOf(detections[member].pixelQuad));
      areas_.push_back(area(detections[member].pixelQuad));
    }
  }

  // Sets keep[member] to false for what goes.
  void suppress(double iouThreshold, std::vector<char>& keep) const {
    std::vector<std::uint32_t> order = withoutPartsOfOthers();
    std::sort(order.begin(), order.end(), [this](std::uint32_t a, std::uint32_t b) { return precedes(a, b); });
    for (const std::size_t member : members_) keep[member] = 0;
    BoxGrid kept(bounds_);
    for (const std::uint32_t index : order) {
      const bool covered = kept.anyNear(
          index, [&](std::uint32_t other) { return polygonIou(at(index).pixelQuad, at(other).pixelQuad) > iouThreshold; });
      if (covered) continue;
      kept.insert(index);
      keep[members_[index]] = 1;
    }
  }

 private:
  const Detection& at(std::uint32_t index) const { return detections_[members_[index]]; }

  // Indices without the cut boxes that lie in an uncut one of another window.
  std::vector<std::uint32_t> withoutPartsOfOthers() const {
    BoxGrid whole(bounds_);
    for (std::uint32_t index = 0; index < bounds_.size(); ++index) {
      if (!at(index).cutByTile) whole.insert(index);
    }
    std::vector<std::uint32_t> result;
    for (std::uint32_t index = 0; index < bounds_.size(); ++index) {
      const bool part = at(index).cutByTile && whole.anyNear(index, [&](std::uint32_t other) {
        return at(other).tile != at(index).tile &&
               intersectionArea(at(index).pixelQuad, at(other).pixelQuad) > kContainedShare * areas_[index];
      });
      if (!part) result.push_back(index);
    }
    return result;
  }

  bool precedes(std::uint32_t a, std::uint32_t b) const {
    const double scoreA = at(a).score.value_or(-1.0);
    const double scoreB = at(b).score.value_or(-1.0);
    if (scoreA != scoreB) return scoreA > scoreB;
    if (at(a).cutByTile != at(b).cutByTile) return at(b).cutByTile;
    if (areas_[a] != areas_[b]) return areas_[a] > areas_[b];
    return a < b;
  }

  const std::vector<Detection>& detections_;
  std::span<const std::size_t> members_;
  std::vector<UprightBox> bounds_;
  std::vector<double> areas_;
};

}  // namespace

std::vector<Detection> mergeAcrossSeams(std::vector<Detection> detections, double iouThreshold) {
  std::unordered_map<std::string, std::vector<std::size_t>> membersOfLabel;
  for (std::size_t i = 0; i < detections.size(); ++i) {
    // What is not finite has no place to compare; it is left to whoever made it.
    if (isFinite(detections[i].pixelQuad)) membersOfLabel[detections[i].label].push_back(i);
  }
  std::vector<char> keep(detections.size(), 1);
  for (const auto& [label, members] : membersOfLabel) LabelGroup(detections, members).suppress(iouThreshold, keep);

  std::vector<Detection> survivors;
  survivors.reserve(detections.size());
  for (std::size_t i = 0; i < detections.size(); ++i) {
    if (keep[i]) survivors.push_back(std::move(detections[i]));
  }
  return survivors;
}

}  // namespace orthoscribe::geo
