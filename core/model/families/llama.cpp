// SPDX-License-Identifier: GPL-2.0-or-later
// Llama 1 to 3, Vicuna, Yi: separate projections without biases (rsmoe_and_metrics.md section 3.9, skynova.md section 2.1).
#include "core/model/blocks/decoder_network.h"
#include "core/model/families/builders.h"
#include "core/model/families/decoder_fields.h"

namespace orthoscribe::model {

DecoderConfig readLlama(const ConfigFields& config, const Scope& weights) {
  // Files from before Llama 2 say neither of these (transformers, LlamaConfig).
  const nlohmann::json unsaid{{"num_key_value_heads", config.count("num_attention_heads")}, {"rope_theta", 10000.0}};
  DecoderConfig decoder = readDecoderFields(config.withDefaults(unsaid), weights);
  for (const char* bias : {"attention_bias", "mlp_bias"}) {
    if (config.flagOr(bias, false)) config.unsupported(bias, "is set, which is not supported");
  }
  return decoder;
}

std::unique_ptr<Network> buildLlama(const ConfigFields& config, const Scope& weights, Adapters adapters) {
  return std::make_unique<DecoderNetwork>("llama", Decoder(weights, readLlama(config, weights), adapters));
}

}  // namespace orthoscribe::model
