// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/families/qwen_vl_fields.h"

#include <string>

namespace orthoscribe::model {

ConfigFields textFields(const ConfigFields& config) {
  return config.has("text_config") ? config.object("text_config") : config;
}

std::vector<std::int64_t> readRotarySections(const ConfigFields& text, std::int64_t headSize) {
  const char* field = text.has("rope_parameters") ? "rope_parameters" : "rope_scaling";
  const ConfigFields rope = text.object(field);
  const std::vector<std::int64_t> sections = rope.integers("mrope_section");
  std::int64_t sum = 0;
  for (const std::int64_t section : sections) {
    if (section < 0) rope.wrong("mrope_section", "has a number below 0");
    sum += section;
  }
  if (sections.size() != static_cast<std::size_t>(kPositionAxes)) rope.wrong("mrope_section", "has not three numbers");
  if (sum != headSize / 2) {
    rope.wrong("mrope_section",
               "adds up to " + std::to_string(sum) + ", half a head has " + std::to_string(headSize / 2) + " frequencies");
  }
  return sections;
}

bool readTied(const ConfigFields& config, const ConfigFields& text, const Scope& weights) {
  if (!config.has("tie_word_embeddings") && !text.has("tie_word_embeddings")) return !weights.has("lm_head.weight");
  return config.flagOr("tie_word_embeddings", false) || text.flagOr("tie_word_embeddings", false);
}

QwenVisionConfig readQwenVision(const ConfigFields& vision, std::int64_t decoderHidden) {
  QwenVisionConfig tower;
  tower.hidden = vision.count("hidden_size");
  tower.layers = vision.countOr("depth", 32);
  tower.heads = vision.countOr("num_heads", 16);
  tower.intermediate = vision.countOr("intermediate_size", 3420);
  tower.patchSide = vision.countOr("patch_size", vision.countOr("spatial_patch_size", 14));
  tower.frames = vision.countOr("temporal_patch_size", 2);
  tower.merge = vision.countOr("spatial_merge_size", 2);
  tower.outputs = vision.countOr("out_hidden_size", decoderHidden);
  for (const char* channels : {"in_channels", "in_chans"}) {
    if (vision.countOr(channels, 3) != 3) vision.unsupported(channels, "is not 3");
  }
  if (tower.hidden % tower.heads != 0) vision.wrong("num_heads", "does not divide hidden_size");
  if (tower.hidden / tower.heads % 4 != 0) {
    vision.wrong("num_heads", "gives heads whose size is no multiple of 4, which positions in the plane need");
  }
  if (tower.outputs != decoderHidden) {
    vision.wrong("out_hidden_size", "is " + std::to_string(tower.outputs) + ", the decoder has " + std::to_string(decoderHidden));
  }
  return tower;
}

RenamedWeights qwenVlWeights(const Scope& weights) {
  const std::string& outer = weights.prefix();
  if (!weights.has("model.language_model.embed_tokens.weight")) return RenamedWeights(weights.source(), renamingPrefixes({}));
  return RenamedWeights(weights.source(), renamingPrefixes({{outer + "visual.", outer + "model.visual."},
                                                            {outer + "model.", outer + "model.language_model."}}));
}

}  // namespace orthoscribe::model
