// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/families/internlm2.h"

#include <ATen/ATen.h>

#include <array>
#include <string_view>

#include "core/model/families/decoder_fields.h"
#include "core/model/weights/renamed_weights.h"

namespace orthoscribe::model {
namespace {

std::string nameInFile(const std::string& name) {
  static const Renaming kRenaming = renamingParts({{"model.embed_tokens.", "model.tok_embeddings."},
                                                   {"lm_head.", "output."},
                                                   {"self_attn.o_proj.", "attention.wo."},
                                                   {"mlp.gate_proj.", "feed_forward.w1."},
                                                   {"mlp.up_proj.", "feed_forward.w3."},
                                                   {"mlp.down_proj.", "feed_forward.w2."},
                                                   {"input_layernorm.", "attention_norm."},
                                                   {"post_attention_layernorm.", "ffn_norm."},
                                                   {"self_attn.q_proj.", "attention.wqkv."},
                                                   {"self_attn.k_proj.", "attention.wqkv."},
                                                   {"self_attn.v_proj.", "attention.wqkv."}});
  return kRenaming(name);
}

}  // namespace

DecoderConfig readInternLm2(const ConfigFields& config, const Scope& weights) {
  if (config.flagOr("bias", true)) config.unsupported("bias", "is set or missing; InternLM2 with biases is not supported");
  const bool tied = !weights.has("output.weight");
  return readDecoderFields(config.withDefaults({{"tie_word_embeddings", tied}}), weights);
}

InternLm2Weights::InternLm2Weights(WeightSource& source, const DecoderConfig& decoder)
    : source_(source), heads_(decoder.heads), kvHeads_(decoder.kvHeads), headSize_(decoder.headSize), hidden_(decoder.hidden) {}

torch::Tensor InternLm2Weights::take(const std::string& name, c10::IntArrayRef shape, FreshValue fresh) {
  constexpr std::array<std::pair<std::string_view, Part>, 3> kParts = {
      {{".q_proj.weight", Part::Query}, {".k_proj.weight", Part::Key}, {".v_proj.weight", Part::Value}}};
  for (const auto& [ending, part] : kParts) {
    if (name.ends_with(ending)) return takePart(nameInFile(name), part, fresh);
  }
  return source_.take(nameInFile(name), shape, fresh);
}

bool InternLm2Weights::has(const std::string& name) const {
  return source_.has(nameInFile(name));
}

torch::Tensor InternLm2Weights::takePart(const std::string& fused, Part part, FreshValue fresh) {
  if (fused != lastName_) {
    last_ = source_.take(fused, {(heads_ + 2 * kvHeads_) * headSize_, hidden_}, fresh);
    lastName_ = fused;
  }
  const std::int64_t queries = heads_ / kvHeads_;
  const torch::Tensor grouped = last_.view({kvHeads_, queries + 2, headSize_, hidden_});
  const torch::Tensor chosen =
      part == Part::Query ? grouped.narrow(1, 0, queries) : grouped.narrow(1, part == Part::Key ? queries : queries + 1, 1);
  return chosen.reshape({-1, hidden_}).contiguous();
}

}  // namespace orthoscribe::model
