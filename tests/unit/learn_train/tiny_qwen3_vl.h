// SPDX-License-Identifier: GPL-2.0-or-later
// A small random Qwen3-VL, whose pictures add to the first layer of the decoder too.
#pragma once

#include "tests/unit/learn_train/tiny_family.h"

namespace orthoscribe::learn {

inline nlohmann::json tinyQwen3Vl() {
  nlohmann::json text = tinyQwenVl();
  text.erase("vision_config");
  text.erase("model_type");
  text["head_dim"] = 8;
  return {{"model_type", "qwen3_vl"},
          {"tie_word_embeddings", false},
          {"text_config", text},
          {"vision_config",
           {{"depth", 2},
            {"hidden_size", 8},
            {"num_heads", 2},
            {"intermediate_size", 12},
            {"patch_size", 4},
            {"hidden_act", "gelu_pytorch_tanh"},
            {"num_position_embeddings", 9},
            {"deepstack_visual_indexes", {0}}}}};
}

inline void writeTinyQwen3Vl(const std::filesystem::path& folder) {
  writeTinyFamily(folder, tinyQwen3Vl(),
                  {"<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|endoftext|>"});
}

}  // namespace orthoscribe::learn
