// SPDX-License-Identifier: GPL-2.0-or-later
// What a model folder says of itself: how to speak to it, and what it was made for.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/smart_resize.h"
#include "core/engine/decoding.h"
#include "core/engine/prompt.h"
#include "core/text/tokenizer.h"

namespace orthoscribe::engine {

struct ModelCard {
  std::string name;    // as users and HTTP clients name it
  std::string family;  // model_type of config.json
  std::string dialect;
  std::string templateName;
  std::string systemMessage;  // empty: the template's own
  bool addSpecial = false;    // whether the tokenizer puts its own BOS before the rendered prompt
  ImageTokens imageTokens;
  std::vector<text::TokenId> endTokens;   // eos_token_id of generation_config.json and config.json
  std::vector<std::string> shownSpecial;  // special tokens that are part of an answer's text
  int imageSidePx = 448;
  double groundResolutionM = 0.0;  // 0: any
  std::vector<std::string> classes;
  std::optional<ResizeLimits> resize;  // how every picture is resized, where the family does so
  // Whether all images of a conversation share the tiles that one alone may have: SkyNova's rule (skynova.md 1.4), while
  // InternVL gives each as many.
  bool sharesTiles = false;
  GenerationDefaults generation;
};

// Reads config.json, generation_config.json, the names of added tokens and, if it is there, orthoscribe.json, whose fields (name,
// dialect, template, system, imageSidePx, groundResolutionM, classes, shownTokens; of Qwen-VL also minPixels, maxPixels and
// resampling, core/vision/qwen_processor.h) win over what is concluded from the others:
// - template: config.json "template" (InternVL chat layout; the tokenizer's BOS is put before it), else the family's own;
// - dialect: internvl_chat with SkyNova's task tokens ("[refer]", "[grounding]"; skynova.md 1.2) speaks "skynova", without them
//   "internvl"; "starter", "qwen2_5_vl" and "qwen3_vl" their own, a Qwen2.5-VL whose name or "_name_or_path" holds
//   "RSCoVLM" speaks "rscovlm_polygon"; text models none;
// - imageSidePx: of models that resize every picture, the largest square within their limits up to 1008 (1024 for Qwen3-VL), for
//   RSCoVLM's polygons up to 504: it learnt to detect on 512-pixel patches (rscovlm.md section 2.3);
// - generation: num_beams, length_penalty, early_stopping, repetition_penalty and no_repeat_ngram_size of generation_config.json,
//   else what the family's reference is used with (InstructBLIP: 5 beams, penalty 1.5; rsmoe_and_metrics.md 3.13). do_sample,
//   temperature, top_p and top_k are not taken over: the same question has the same answer twice unless a user wants otherwise.
// Throws Error: NotFound (no config.json), InvalidInput naming file and field.
ModelCard readModelCard(const std::filesystem::path& folder);

}  // namespace orthoscribe::engine
