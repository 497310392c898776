// SPDX-License-Identifier: GPL-2.0-or-later
// What InternVL's configurations have in common in both layouts. All throw Error{InvalidInput} naming file and field.
#pragma once

#include <cstdint>
#include <string>

#include "core/model/blocks/vision_transformer.h"
#include "core/model/config_fields.h"

namespace orthoscribe::model {

// "downsample_ratio" as the side of the square of patches that become one token.
std::int64_t readShuffle(const ConfigFields& config);

// The field as the index of a state of the tower: -1 is the last layer, 0 the embeddings.
std::int64_t readSelectedState(const ConfigFields& config, const std::string& field, std::int64_t layers);

// Sizes, norms and activation from a vision_config, which names its sizes the same in both. Sides of image and patch and what
// depends on the layout are left to the caller. Throws Error{Unsupported} for activations, norms and channels that are not known.
VisionTransformerConfig readInternVit(const ConfigFields& vision);

// Throws when heads or patches do not divide what they must.
void checkDivides(const ConfigFields& vision, const VisionTransformerConfig& tower);

}  // namespace orthoscribe::model
