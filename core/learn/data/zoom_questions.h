// SPDX-License-Identifier: GPL-2.0-or-later
// Questions about a labelled picture that is too large to be seen at once, made from its labels as LRS-VQA-Zoom makes its
// template questions (reference/rscovlm.md 4.1).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/geo/raster.h"
#include "core/learn/data/record.h"

namespace orthoscribe::learn {

struct ZoomQuestionOptions {
  double marginPx = 200.0;  // around the object that is looked at, on each side
  int mostQuestions = 8;    // of one picture
  std::uint64_t seed = 42;  // which of all possible questions are asked
};

struct ZoomQuestion {
  std::string question;
  std::string answer;
  std::string type;                    // category, orientation, nearby; count, compare
  std::optional<geo::PixelRect> crop;  // where to look, inside the picture; nothing: it is answered from the whole
};

// Only questions with one right answer by the labels: of an object that is the only one of its class, clearly the largest, or
// clearly the farthest to one side or corner; of a long object that clearly lies along one of four directions; of a count in
// which no object is difficult or about half cut by the crop. How many there are is asked only where all objects are labelled
// (record.objectsKnown). The types take turns; the choice depends on the seed and the picture's name alone.
std::vector<ZoomQuestion> zoomQuestions(const Record& record, std::int64_t width, std::int64_t height,
                                        const ZoomQuestionOptions& options);

// "small-vehicle" -> "small vehicle", "small vehicles".
std::string spokenClass(const std::string& label);
std::string pluralOf(const std::string& spoken);

}  // namespace orthoscribe::learn
