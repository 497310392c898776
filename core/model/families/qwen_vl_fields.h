// SPDX-License-Identifier: GPL-2.0-or-later
// What the configurations and checkpoints of Qwen2.5-VL and Qwen3-VL share.
#pragma once

#include <cstdint>
#include <vector>

#include "core/model/blocks/decoder.h"
#include "core/model/blocks/qwen_vision.h"
#include "core/model/config_fields.h"
#include "core/model/weights/renamed_weights.h"

namespace orthoscribe::model {

// The decoder's fields: "text_config" where there is one, else the file's own.
ConfigFields textFields(const ConfigFields& config);

// "mrope_section" of the decoder's rope fields: three counts, together half a head. Throws Error{InvalidInput}.
std::vector<std::int64_t> readRotarySections(const ConfigFields& text, std::int64_t headSize);

// The output matrix is the embedding when either part of the configuration says so.
bool readTied(const ConfigFields& config, const ConfigFields& text, const Scope& weights);

// Fields of "vision_config" that both towers have; missing ones are those of the published 7B model, whose file leaves them out.
QwenVisionConfig readQwenVision(const ConfigFields& vision, std::int64_t decoderHidden);

// The weights under the names "visual.*", "model.*" and "lm_head.*", whichever of both layouts the file has: these, or
// "model.visual.*", "model.language_model.*", "lm_head.*" (reference/rscovlm.md 1.6).
RenamedWeights qwenVlWeights(const Scope& weights);

}  // namespace orthoscribe::model
