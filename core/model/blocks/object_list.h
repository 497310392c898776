// SPDX-License-Identifier: GPL-2.0-or-later
// From the tower's heat and geometry to a list of objects, and from the list to numbers that a decoder can read. Nothing here is
// trained.
#pragma once

#include <torch/types.h>

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace orthoscribe::model {

struct ProposedObject {
  int objectClass = 0;
  double score = 0;    // 0..1
  double centreX = 0;  // pixels of the tower's input, y down
  double centreY = 0;
  double longSide = 0;
  double shortSide = 0;
  double angleDeg = 0;  // of the long side, clockwise on the screen from +x, 0 <= a < 180
};

// The five whole numbers by which an object is spoken of: centre x, y, long side, short side (0..255), angle (0..179).
std::array<int, 5> spokenNumbers(const ProposedObject& object);

struct ProposalOptions {
  std::int64_t limit = 96;  // objects at most, the best of all classes
  double minimumScore = 0.1;
  std::int64_t cellPx = 4;
};

// heat: logits [classes, h, w]; geometry [6, h, w] (core/learn/data/box_targets.h). Local maxima of 3 x 3 cells; of two of one
// class whose centres lie well inside one another the better stays. Ordered by class, then by falling score.
std::vector<ProposedObject> proposeObjects(const torch::Tensor& heat, const torch::Tensor& geometry,
                                           const ProposalOptions& options);

// Width of an object's description.
std::int64_t objectFeatureCount(std::int64_t objectClasses);

// Objects ordered as above -> float32 [limit, objectFeatureCount], zeros beyond the list. An object's row holds its class, its
// score, its five numbers and its place among its class as waves (numberWaves), and the centre of the one before it in its class:
// a decoder that has just named that one finds this one by it.
torch::Tensor describeObjects(std::span<const ProposedObject> objects, std::int64_t objectClasses, std::int64_t limit);

// A whole number as cosines and sines of periods 256, 128, ..., 4: close numbers look alike, and no two below 256 are the same.
inline constexpr int kNumberWaves = 14;
void numberWaves(int number, float* out);

}  // namespace orthoscribe::model
