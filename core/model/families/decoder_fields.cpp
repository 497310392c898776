// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/families/decoder_fields.h"

#include <optional>
#include <string>

namespace orthoscribe::model {
namespace {

void readLongRope(const ConfigFields& fields, const ConfigFields& scaling, RotaryConfig& rotary) {
  rotary.shortFactors = scaling.positives("short_factor");
  rotary.longFactors = scaling.positives("long_factor");
  const auto expected = static_cast<std::size_t>(rotary.headSize / 2);
  for (const auto& [name, factors] : {std::pair{"short_factor", &rotary.shortFactors}, {"long_factor", &rotary.longFactors}}) {
    if (factors->size() != expected) {
      scaling.wrong(name, "has " + std::to_string(factors->size()) + " numbers, half a head has " + std::to_string(expected));
    }
  }
  for (const char* name : {"short_mscale", "long_mscale", "attention_factor"}) {
    if (scaling.has(name)) scaling.unsupported(name, "is set, which is not supported");
  }
  const bool inside = scaling.has("original_max_position_embeddings");
  rotary.originalMaxPositions = (inside ? scaling : fields).count("original_max_position_embeddings");
  if (rotary.originalMaxPositions < 2) fields.wrong("original_max_position_embeddings", "is below 2");
}

Llama3Scaling readLlama3Scaling(const ConfigFields& scaling) {
  const Llama3Scaling read{.factor = scaling.positive("factor"),
                           .lowFrequencyFactor = scaling.positive("low_freq_factor"),
                           .highFrequencyFactor = scaling.positive("high_freq_factor"),
                           .originalMaxPositions = scaling.count("original_max_position_embeddings")};
  if (read.highFrequencyFactor <= read.lowFrequencyFactor) scaling.wrong("high_freq_factor", "is not above low_freq_factor");
  return read;
}

void refusePartialRotary(const ConfigFields& fields) {
  const char* field = "partial_rotary_factor";
  if (fields.has(field) && fields.number(field) != 1.0) fields.unsupported(field, "is not 1");
}

// Older configurations have rope_theta and rope_scaling, newer ones rope_parameters with both.
RotaryConfig readRotary(const ConfigFields& fields, std::int64_t headSize, std::int64_t maxPositions) {
  std::optional<ConfigFields> scaling;
  std::string field = "rope_scaling";
  for (const char* name : {"rope_parameters", "rope_scaling"}) {
    if (scaling || !fields.has(name)) continue;
    scaling = fields.object(name);
    field = name;
  }
  RotaryConfig rotary;
  rotary.headSize = headSize;
  rotary.maxPositions = maxPositions;
  rotary.theta = (scaling && scaling->has("rope_theta") ? *scaling : fields).positive("rope_theta");
  refusePartialRotary(fields);
  if (!scaling) return rotary;

  refusePartialRotary(*scaling);
  const std::string type = scaling->has("rope_type") ? scaling->text("rope_type") : scaling->text("type");
  // "dynamic" only acts on sequences longer than max_position_embeddings, which are not offered.
  // "mrope" says that positions have several axes, which those families read themselves.
  if (type == "default" || type == "dynamic" || type == "mrope") return rotary;
  if (type == "linear") {
    rotary.shortFactors.assign(static_cast<std::size_t>(headSize / 2), scaling->positive("factor"));
    return rotary;
  }
  if (type == "llama3") {
    rotary.llama3 = readLlama3Scaling(*scaling);
    return rotary;
  }
  if (type != "longrope" && type != "su" && type != "yarn") {
    fields.unsupported(field, "has the type '" + type + "'; known are default, dynamic, linear, llama3, longrope, su, yarn");
  }
  // Phi-3's files call their long rope by all three names (skynova.md section 1.7); YaRN proper has no lists of factors.
  if (!scaling->has("short_factor"))
    fields.unsupported(field, "has the type '" + type + "' without short_factor and long_factor");
  readLongRope(fields, *scaling, rotary);
  return rotary;
}

}  // namespace

DecoderConfig readDecoderFields(const ConfigFields& fields, const Scope& scope) {
  DecoderConfig config;
  config.vocabulary = fields.count("vocab_size");
  config.hidden = fields.count("hidden_size");
  config.intermediate = fields.count("intermediate_size");
  config.layers = fields.count("num_hidden_layers");
  config.heads = fields.count("num_attention_heads");
  config.kvHeads = fields.count("num_key_value_heads");
  config.maxPositions = fields.count("max_position_embeddings");
  config.normEpsilon = fields.positive("rms_norm_eps");
  if (fields.text("hidden_act") != "silu") fields.unsupported("hidden_act", "is not \"silu\"");
  if (config.heads % config.kvHeads != 0) fields.wrong("num_key_value_heads", "does not divide num_attention_heads");
  if (!fields.has("head_dim") && config.hidden % config.heads != 0) {
    fields.wrong("num_attention_heads", "does not divide hidden_size");
  }
  config.headSize = fields.countOr("head_dim", config.hidden / config.heads);
  if (config.headSize % 2 != 0) fields.wrong("head_dim", "is odd; rotary positions turn pairs");
  config.tiedEmbeddings = fields.flagOr("tie_word_embeddings", !scope.has("lm_head.weight"));
  config.rotary = readRotary(fields, config.headSize, config.maxPositions);
  return config;
}

}  // namespace orthoscribe::model
