// SPDX-License-Identifier: GPL-2.0-or-later
// InternLM2 inside InternVL-chat: Llama's arithmetic under other names, queries, keys and values in one matrix (skynova.md
// section 2.1).
#pragma once

#include <string>

#include "core/model/blocks/decoder.h"
#include "core/model/config_fields.h"
#include "core/model/weights/weight_source.h"

namespace orthoscribe::model {

// weights: the scope of the language model. Throws Error{InvalidInput or Unsupported} naming file and field.
DecoderConfig readInternLm2(const ConfigFields& config, const Scope& weights);

// An InternLM2's weights under Llama's names. Rows of "wqkv" are grouped by key head: its queries, one key, one value; they are
// given apart.
class InternLm2Weights : public WeightSource {
 public:
  // Keeps a reference to the source, which may hold other parts of a model beside.
  InternLm2Weights(WeightSource& source, const DecoderConfig& decoder);

  torch::Tensor take(const std::string& name, c10::IntArrayRef shape, FreshValue fresh) override;
  bool has(const std::string& name) const override;

 private:
  enum class Part { Query, Key, Value };
  torch::Tensor takePart(const std::string& fused, Part part, FreshValue fresh);

  WeightSource& source_;
  std::int64_t heads_, kvHeads_, headSize_, hidden_;
  // The last fused matrix, because its three parts are asked for one after the other.
  std::string lastName_;
  torch::Tensor last_;
};

}  // namespace orthoscribe::model
