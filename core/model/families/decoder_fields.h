// SPDX-License-Identifier: GPL-2.0-or-later
// What the configurations of decoders have in common: Hugging Face's names of their fields.
#pragma once

#include "core/model/blocks/decoder.h"
#include "core/model/config_fields.h"
#include "core/model/weights/weight_source.h"

namespace orthoscribe::model {

// Sizes, norm, activation, rotary positions. scope is that of the decoder's weights: where the configuration does not say whether
// the embeddings are tied, the presence of "lm_head.weight" does. Throws Error{InvalidInput or Unsupported} naming file and
// field.
DecoderConfig readDecoderFields(const ConfigFields& fields, const Scope& scope);

}  // namespace orthoscribe::model
