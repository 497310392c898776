// SPDX-License-Identifier: GPL-2.0-or-later
// One function a family: from its config.json and its weights to a network. The list that chooses among them is in families.cpp.
#pragma once

#include <memory>

#include "core/model/blocks/decoder.h"
#include "core/model/config_fields.h"
#include "core/model/network.h"
#include "core/model/weights/weight_source.h"

namespace orthoscribe::model {

// All throw Error{InvalidInput, NotFound or Unsupported} naming the field or the tensor. adapters are applied to the decoder.
std::unique_ptr<Network> buildQwen2(const ConfigFields& config, const Scope& weights, Adapters adapters);
std::unique_ptr<Network> buildPhi3(const ConfigFields& config, const Scope& weights, Adapters adapters);
std::unique_ptr<Network> buildInternVlChat(const ConfigFields& config, const Scope& weights, Adapters adapters);
std::unique_ptr<Network> buildStarter(const ConfigFields& config, const Scope& weights, Adapters adapters);

// The same by the model_type of config.json, for weights and adapters that do not come from folders. Throws Error{Unsupported}
// for an unknown family.
std::unique_ptr<Network> buildNetwork(const ConfigFields& config, const Scope& weights, Adapters adapters);

// The decoders alone, for families that put something before them. weights holds "model" and "lm_head".
DecoderConfig readQwen2(const ConfigFields& config, const Scope& weights);
DecoderConfig readPhi3(const ConfigFields& config, const Scope& weights);

}  // namespace orthoscribe::model
