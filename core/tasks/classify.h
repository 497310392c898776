// SPDX-License-Identifier: GPL-2.0-or-later
// Which of some classes an area of a raster shows.
#pragma once

#include "core/tasks/describe.h"

namespace orthoscribe::tasks {

struct ClassifyOptions {
  LookOptions look;
  std::vector<std::string> classes;  // at least two; empty: those of `list`
  std::string list;                  // a name of scene_classes.h; empty: the one that the model's family was trained on
};

struct ClassifyReport {
  LookReport look;                   // text: the answer as it was given
  std::vector<std::string> classes;  // that were asked for
  std::string chosen;                // one of them; empty: the answer names none
  std::optional<double> score;       // 0..1, mean probability of the tokens that name it; nothing where the model tells none
};

// An answer that names several classes means the first, and says so in look.warnings. Throws Error{Unsupported} for a model that
// does not classify, Error{InvalidInput} for fewer than two classes, an unknown list or an area without data, and what raster or
// model throw.
ClassifyReport classify(geo::RasterSource& raster, VisionLanguageModel& model, const ClassifyOptions& options,
                        const CancelToken& cancel);

}  // namespace orthoscribe::tasks
