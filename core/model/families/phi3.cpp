// SPDX-License-Identifier: GPL-2.0-or-later
// Phi-3: fused projections without biases, long rope, optional sliding window (skynova.md section 1.7).
#include "core/model/blocks/decoder_network.h"
#include "core/model/families/builders.h"
#include "core/model/families/decoder_fields.h"

namespace orthoscribe::model {

DecoderConfig readPhi3(const ConfigFields& config, const Scope& weights) {
  DecoderConfig decoder = readDecoderFields(config, weights);
  decoder.fusedLinears = true;
  if (config.has("sliding_window")) decoder.slidingWindow = config.count("sliding_window");
  if (config.flagOr("attention_bias", false)) config.unsupported("attention_bias", "is set, which is not supported");
  if (config.has("partial_rotary_factor") && config.number("partial_rotary_factor") != 1.0) {
    config.unsupported("partial_rotary_factor", "is not 1");
  }
  return decoder;
}

std::unique_ptr<Network> buildPhi3(const ConfigFields& config, const Scope& weights, Adapters adapters) {
  return std::make_unique<DecoderNetwork>("phi3", Decoder(weights, readPhi3(config, weights), adapters));
}

}  // namespace orthoscribe::model
