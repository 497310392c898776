// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/object_targets.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/geo/polygon.h"

namespace orthoscribe::learn {
namespace {

constexpr double kCostOfFalse = 0.7;

struct SideRange {
  double shortest, longest, thinnest, thickest;  // long side in pixels; short side as a share of it
};
constexpr std::array<SideRange, kObjectClassCount> kSides = {{{25, 110, 0.6, 1.0},
                                                              {12, 90, 0.2, 0.5},
                                                              {11, 24, 0.4, 0.6},
                                                              {20, 70, 0.2, 0.5},
                                                              {10, 120, 0.95, 1.0},
                                                              {50, 100, 0.4, 0.6},
                                                              {50, 180, 0.7, 1.0},
                                                              {25, 140, 0.4, 1.0},
                                                              {12, 50, 0.4, 1.0}}};

geo::Quad outlineOf(const model::ProposedObject& object) {
  return geo::corners(geo::makeOrientedBox({object.centreX, object.centreY}, object.longSide, object.shortSide, object.angleDeg));
}

int drawCount(Random& random) {
  const double kind = uniform(random, 0, 1);
  if (kind < 0.5) return 1 + static_cast<int>(uniform(random, 0, 4));
  if (kind < 0.85) return 1 + static_cast<int>(uniform(random, 0, 12));
  return 1 + static_cast<int>(uniform(random, 0, 40));
}

bool tooClose(const model::ProposedObject& a, const model::ProposedObject& b) {
  return std::hypot(a.centreX - b.centreX, a.centreY - b.centreY) < 0.5 * std::min(a.shortSide, b.shortSide) + 1;
}

}  // namespace

std::vector<model::ProposedObject> objectsOfClass(const std::vector<model::ProposedObject>& objects, int objectClass) {
  std::vector<model::ProposedObject> chosen;
  std::copy_if(objects.begin(), objects.end(), std::back_inserter(chosen),
               [&](const model::ProposedObject& object) { return object.objectClass == objectClass; });
  return chosen;
}

std::size_t worthSaying(const std::vector<model::ProposedObject>& ofClass, const std::vector<LabelledBox>& boxes,
                        int objectClass) {
  std::vector<geo::Quad> truths;
  for (const LabelledBox& labelled : boxes) {
    if (labelled.objectClass == objectClass) truths.push_back(geo::corners(labelled.box));
  }
  std::vector<bool> taken(truths.size());
  double worth = 0;
  double best = 0;
  std::size_t length = 0;
  for (std::size_t rank = 0; rank < ofClass.size(); ++rank) {
    const geo::Quad outline = outlineOf(ofClass[rank]);
    bool hit = false;
    for (std::size_t truth = 0; truth < truths.size() && !hit; ++truth) {
      hit = !taken[truth] && geo::polygonIou(outline, truths[truth]) >= 0.5;
      if (hit) taken[truth] = true;
    }
    worth += hit ? 1 : -kCostOfFalse;
    if (worth >= best && worth > 0) {
      best = worth;
      length = rank + 1;
    }
  }
  return length;
}

std::vector<model::ProposedObject> drawObjects(const model::ProposalOptions& options, int sidePx, Random& random) {
  std::vector<model::ProposedObject> objects;
  for (int objectClass = 0; objectClass < static_cast<int>(kObjectClassCount); ++objectClass) {
    if (uniform(random, 0, 1) > 0.25) continue;
    const SideRange& sides = kSides[static_cast<std::size_t>(objectClass)];
    const int wanted = drawCount(random);
    std::vector<model::ProposedObject> ofClass;
    for (int attempt = 0; attempt < wanted * 2 && static_cast<int>(ofClass.size()) < wanted; ++attempt) {
      model::ProposedObject object;
      object.objectClass = objectClass;
      object.centreX = uniform(random, 0, sidePx);
      object.centreY = uniform(random, 0, sidePx);
      object.longSide = uniform(random, sides.shortest, sides.longest);
      object.shortSide = object.longSide * uniform(random, sides.thinnest, sides.thickest);
      object.angleDeg = uniform(random, 0, 180);
      const double sure = uniform(random, 0, 1);
      object.score = sure < 0.75 ? uniform(random, kDrawnObjectScore + 0.05, 1)
                                 : uniform(random, options.minimumScore, kDrawnObjectScore - 0.05);
      const bool clear = std::none_of(ofClass.begin(), ofClass.end(),
                                      [&](const model::ProposedObject& other) { return tooClose(other, object); });
      if (clear) ofClass.push_back(object);
    }
    std::stable_sort(ofClass.begin(), ofClass.end(),
                     [](const model::ProposedObject& a, const model::ProposedObject& b) { return a.score > b.score; });
    for (const model::ProposedObject& object : ofClass) {
      if (static_cast<std::int64_t>(objects.size()) < options.limit) objects.push_back(object);
    }
  }
  return objects;
}

}  // namespace orthoscribe::learn
