// SPDX-License-Identifier: GPL-2.0-or-later
// Qwen2: separate projections, biases on queries, keys and values (skynova.md section 2.1).
#include "core/model/blocks/decoder_network.h"
#include "core/model/families/builders.h"
#include "core/model/families/decoder_fields.h"

namespace orthoscribe::model {

DecoderConfig readQwen2(const ConfigFields& config, const Scope& weights) {
  DecoderConfig decoder = readDecoderFields(config, weights);
  decoder.qkvBias = true;
  // Layers from max_window_layers on would see a window only; published models have none of them.
  if (config.flagOr("use_sliding_window", false) && config.count("max_window_layers") < decoder.layers) {
    config.unsupported("use_sliding_window", "is set for some of the layers, which is not supported");
  }
  return decoder;
}

std::unique_ptr<Network> buildQwen2(const ConfigFields& config, const Scope& weights, Adapters adapters) {
  return std::make_unique<DecoderNetwork>("qwen2", Decoder(weights, readQwen2(config, weights), adapters));
}

}  // namespace orthoscribe::model
