// SPDX-License-Identifier: GPL-2.0-or-later
// Average precision of detections: PASCAL VOC 2007's eleven points, and mAP_nc, which takes all scores as equal (reference:
// LMMRotate, and mmrotate's DOTA metric).
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/geo/oriented_box.h"
#include "core/learn/metrics/precision_curve.h"
#include "core/learn/metrics/score.h"

namespace orthoscribe::learn {

struct TrueObject {
  std::int64_t image = 0;
  std::string label;
  std::vector<geo::Point> outline;
  bool difficult = false;  // neither a hit nor a miss
};

struct FoundObject {
  std::int64_t image = 0;
  std::string label;
  std::vector<geo::Point> outline;
  double score = 1;
};

enum class Verdict { Hit, Miss, Ignored };

struct Judgement {
  std::size_t found = 0;  // index among all found objects
  Verdict verdict = Verdict::Miss;
  std::optional<std::size_t> truth = std::nullopt;  // of a hit: index among all true objects
  double overlap = 0;                               // with the true object that it was compared with
};

struct ClassPrecision {
  std::optional<double> elevenPoint;  // nothing without true objects of the class
  std::optional<double> area;         // under the monotone envelope
  int truths = 0;                     // without difficult ones
  int found = 0;                      // without those on difficult ones
  int hits = 0;
  std::vector<Judgement> judged;  // all found objects of the class, in the order they were judged
  PrecisionCurve curve;           // empty without true objects of the class
};

struct PrecisionReport {
  std::map<std::string, ClassPrecision> classes;
  std::optional<double> meanElevenPoint;  // over classes with true objects
  std::optional<double> meanArea;
};

// A detection, in the order of falling score (equal scores: as given), takes the true object of its picture and
// class with the largest overlap (polygon IoU; the first on ties): hit when that is at least `threshold` and the object is free,
// ignored when it is difficult, miss otherwise. noConfidence: all scores are taken as equal; the
// order is then by picture, and as given.
PrecisionReport averagePrecision(const std::vector<TrueObject>& truths, const std::vector<FoundObject>& found, bool noConfidence,
                                 double threshold = 0.5);

}  // namespace orthoscribe::learn
