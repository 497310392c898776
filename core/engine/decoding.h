// SPDX-License-Identifier: GPL-2.0-or-later
// What an answer is generated with, once the caller's wishes and the model's own habits are put together.
#pragma once

#include <cstdint>

#include "core/base/vision_language_model.h"

namespace orthoscribe::engine {

// What a model is used with where the caller says nothing.
struct GenerationDefaults {
  int beams = 1;
  double lengthPenalty = 1.0;
  EarlyStopping earlyStopping = EarlyStopping::No;
  double repetitionPenalty = 1.0;
  int noRepeatNgram = 0;
};

// As the fields of GenerationOptions, all of them known.
struct Decoding {
  double temperature = 0.0;
  double topP = 1.0;
  int topK = 0;
  double minP = 0.0;
  double repetitionPenalty = 1.0;
  int noRepeatNgram = 0;
  std::uint64_t seed = 0;
  int beams = 1;
  double lengthPenalty = 1.0;
  EarlyStopping earlyStopping = EarlyStopping::No;
};

// Throws Error{InvalidInput} that names the option and its range. A model whose habit is several beams draws with one when a
// temperature is asked for; beams and a temperature asked for together are refused.
Decoding decodingOf(const GenerationOptions& options, const GenerationDefaults& defaults = {});

}  // namespace orthoscribe::engine
