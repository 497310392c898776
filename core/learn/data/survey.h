// SPDX-License-Identifier: GPL-2.0-or-later
// Reads the folder of training data (scenes/ucmerced, objects/ucmerced_obb, objects/kit_ais_munich, captions) into memory,
// decoded once.
#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include "core/base/cancel.h"
#include "core/learn/data/sample.h"
#include "core/learn/data/split.h"

namespace orthoscribe::learn {

struct Survey {
  Split split;
  std::vector<Sample> train;
  std::vector<Sample> heldOut;  // in the order of their names
};

struct SurveyOptions {
  const Split* split = nullptr;  // given: used as it is; otherwise splitByRuns over the pictures found
  bool train = true;             // whether to load the training part
  bool heldOut = true;
};

// Folders named "unclear" and "demo" are never looked into. Sets other than the scenes may be missing.
// Throws Error{NotFound} naming the folder, Error{InvalidInput} naming a damaged file, Error{Cancelled}.
Survey surveyData(const std::filesystem::path& folder, const SurveyOptions& options, const CancelToken& cancel);

}  // namespace orthoscribe::learn
