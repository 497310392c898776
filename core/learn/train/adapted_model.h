// SPDX-License-Identifier: GPL-2.0-or-later
// A frozen model of any family with an adapter in training on it, and perhaps parts of its own.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/learn/train/parameter_store.h"
#include "core/learn/train/trained_parts.h"
#include "core/model/adapters/adapter.h"
#include "core/model/blocks/decoder_network.h"

namespace orthoscribe::learn {

class AdaptedModel {
 public:
  // base: a model folder; its weights take no gradients, but for those whose names begin with one of baseParts (TrainedParts).
  // The adapter starts fresh, so that it changes nothing: all B are zero. Throws as loadNetwork and TrainedParts;
  // Error{Unsupported} for a family whose decoder is not trained this way.
  AdaptedModel(const std::filesystem::path& base, const model::AdapterConfig& config, std::uint64_t seed,
               torch::Device device = torch::kCPU, torch::ScalarType dtype = torch::kFloat32,
               const std::vector<std::string>& baseParts = {});

  // The same decoder that answers: its forward over whole sequences is differentiable in the adapter.
  const model::Decoder& decoder() const { return *decoder_; }
  const model::DecoderNetwork& network() const { return *network_; }
  const model::AdapterConfig& config() const { return config_; }
  double dropout() const { return config_.dropout; }
  // The adapter's tensors, by the names they have in its file, and the base's that can be trained, as its files name them.
  ParameterStore& adapter() { return *store_; }
  // Whether the base itself learns in the stage that runs.
  bool trainsBase() const { return trainsAny(*store_, baseNames_); }

  // Writes the adapter as the engine loads it, with what was trained of the base in it. Throws as model::writeAdapter.
  void write(const std::filesystem::path& folder) const;

  // Goes on from an adapter of the same shape. Throws Error{InvalidInput} naming the file when it lacks a tensor or holds one too
  // many, Error{NotFound}.
  void loadAdapter(const std::filesystem::path& file);

 private:
  model::AdapterConfig config_;
  std::shared_ptr<ParameterStore> store_;
  std::vector<std::string> baseNames_;
  std::unique_ptr<model::Network> built_;
  const model::DecoderNetwork* network_ = nullptr;
  const model::Decoder* decoder_ = nullptr;
};

}  // namespace orthoscribe::learn
