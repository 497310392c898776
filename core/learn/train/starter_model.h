// SPDX-License-Identifier: GPL-2.0-or-later
// The starter in training: its shape, its weights, and the two parts built on them.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>

#include "core/learn/train/decoder_graph.h"
#include "core/learn/train/parameter_store.h"
#include "core/model/blocks/copy_attention.h"
#include "core/model/blocks/starter_vision.h"

namespace orthoscribe::learn {

struct StarterShape {
  model::StarterVisionConfig vision;
  DecoderConfig decoder;
};

// As config.json of the starter's folder; core/model/families/starter.cpp reads it.
nlohmann::ordered_json configOf(const StarterShape& shape);

class StarterModel {
 public:
  StarterModel(const StarterShape& shape, std::uint64_t seed, torch::Device device);

  const StarterShape& shape() const { return shape_; }
  ParameterStore& store() { return store_; }
  const ParameterStore& store() const { return store_; }
  const model::StarterVision& vision() const { return vision_; }
  const DecoderGraph& decoder() const { return decoder_; }
  const model::CopyAttention& copying() const { return copying_; }

 private:
  StarterShape shape_;
  ParameterStore store_;
  model::StarterVision vision_;
  DecoderGraph decoder_;
  model::CopyAttention copying_;
};

// Lets the embeddings of the tokens " 0".." 255" begin with the waves that objects are described by, so that copying a number
// starts from likeness, and marks these and the token that begins an answer for CopyAttention. numbers: ids of those 256 tokens.
void startNumbersAsWaves(ParameterStore& store, const std::vector<std::int64_t>& numbers, std::int64_t answerBegin);

// The marks alone, for weights that were loaded.
void markTokens(ParameterStore& store, const std::vector<std::int64_t>& numbers, std::int64_t answerBegin);

}  // namespace orthoscribe::learn
