// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/families/internvl_fields.h"

#include <cmath>

namespace orthoscribe::model {

std::int64_t readShuffle(const ConfigFields& config) {
  const double ratio = config.positive("downsample_ratio");
  const auto factor = static_cast<std::int64_t>(std::llround(1.0 / ratio));
  if (factor < 1 || std::abs(1.0 / static_cast<double>(factor) - ratio) > 1e-9) {
    config.wrong("downsample_ratio", "is not one over a whole number");
  }
  return factor;
}

std::int64_t readSelectedState(const ConfigFields& config, const std::string& field, std::int64_t layers) {
  const std::int64_t layer = config.integer(field);
  const std::int64_t state = layer < 0 ? layers + 1 + layer : layer;
  if (state < 0 || state > layers) config.wrong(field, "names no layer of the vision tower");
  return state;
}

VisionTransformerConfig readInternVit(const ConfigFields& vision) {
  if (vision.text("hidden_act") != "gelu") vision.unsupported("hidden_act", "is not \"gelu\"");
  if (vision.count("num_channels") != 3) vision.unsupported("num_channels", "is not 3");
  VisionTransformerConfig tower;
  tower.hidden = vision.count("hidden_size");
  tower.layers = vision.count("num_hidden_layers");
  tower.heads = vision.count("num_attention_heads");
  tower.intermediate = vision.count("intermediate_size");
  tower.normEpsilon = vision.positive("layer_norm_eps");
  const std::string norm = vision.text("norm_type");
  if (norm != "layer_norm" && norm != "rms_norm")
    vision.unsupported("norm_type", "is '" + norm + "'; known are layer_norm, rms_norm");
  tower.rmsNorm = norm == "rms_norm";
  return tower;
}

void checkDivides(const ConfigFields& vision, const VisionTransformerConfig& tower) {
  if (tower.hidden % tower.heads != 0) vision.wrong("num_attention_heads", "does not divide hidden_size");
  if (tower.imageSide % tower.patchSide != 0) vision.wrong("image_size", "is no multiple of patch_size");
}

}  // namespace orthoscribe::model
