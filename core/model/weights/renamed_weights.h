// SPDX-License-Identifier: GPL-2.0-or-later
// The same tensors under other names: one network, several layouts of its files.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/model/weights/weight_source.h"

namespace orthoscribe::model {

// From the name that a layer asks for to the one in the file.
using Renaming = std::function<std::string(const std::string& name)>;

// Our part of a name and theirs.
using NamePairs = std::vector<std::pair<std::string, std::string>>;

// The first pair whose part the name begins with is applied.
Renaming renamingPrefixes(NamePairs pairs);
// Every pair is applied in turn, wherever and as often as its part occurs.
Renaming renamingParts(NamePairs pairs);

class RenamedWeights : public WeightSource {
 public:
  // Keeps a reference to the source. Messages name the tensors of the file.
  RenamedWeights(WeightSource& source, Renaming renaming) : source_(source), renaming_(std::move(renaming)) {}

  torch::Tensor take(const std::string& name, c10::IntArrayRef shape, FreshValue fresh) override {
    return source_.take(renaming_(name), shape, fresh);
  }
  bool has(const std::string& name) const override { return source_.has(renaming_(name)); }

 private:
  WeightSource& source_;
  Renaming renaming_;
};

}  // namespace orthoscribe::model
