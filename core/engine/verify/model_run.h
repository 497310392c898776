// SPDX-License-Identifier: GPL-2.0-or-later
// One pass of a network over a fixture's inputs, with everything it lets one see.
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/engine/loaded_model.h"
#include "core/engine/sequence.h"
#include "core/engine/verify/result.h"
#include "core/model/network.h"
#include "core/model/weights/safetensors.h"

namespace orthoscribe::engine::verify {

// The base model of a fixture: a folder of the name that it gives, beside one of the folders above it. Throws Error{NotFound}.
std::filesystem::path baseOf(const std::filesystem::path& folder, const std::string& name);

// On the CPU in float32, as the references were made.
LoadedModel loadForVerification(const std::filesystem::path& folder, const std::vector<std::filesystem::path>& adapters = {});

// Named intermediate tensors of a network.
class Observations {
 public:
  // The last value of a name counts. Must not outlive this.
  model::Observer observer();
  std::optional<at::Tensor> find(const std::string& name) const;

 private:
  std::map<std::string, at::Tensor> values_;
};

// Logits float32 [S, vocabularySize] of the whole sequence in one pass.
at::Tensor forwardWhole(const model::Network& network, const SequenceInput& input, const model::Observer& observer);

// How a tensor of a fixture is compared.
struct Wanted {
  std::string observedName;
  double tolerance = 0.0;
};

// Compares every tensor of the file for which `wanted` gives a way with what was observed; one that was not observed does not
// hold.
std::vector<Check> compareObserved(const Observations& observed, const model::SafetensorsFile& expected,
                                   const std::function<std::optional<Wanted>(const std::string& name)>& wanted);

}  // namespace orthoscribe::engine::verify
