// SPDX-License-Identifier: GPL-2.0-or-later
// Parts of a base model that are trained beside adapters, as RS-MoE's first stage trains the Q-Former and the projection
// (rsmoe_and_metrics.md section 5.7).
#pragma once

#include <torch/types.h>

#include <map>
#include <string>
#include <vector>

#include "core/learn/train/parameter_store.h"
#include "core/model/weights/checkpoint.h"
#include "core/model/weights/weight_source.h"

namespace orthoscribe::learn {

// The base's weights, of which some come as float32 from the store, where they can be trained: they are put there, by the names
// that the base's files give them, with the values that the files hold.
class TrainedParts : public model::WeightSource {
 public:
  // References are kept. parts: beginnings of names; none: nothing is trained. Throws Error{InvalidInput} for one with which no
  // weight begins; Error{Unsupported} for one that needs float32, if that is not the checkpoint's precision `dtype`: all but a
  // Q-Former and its projection do.
  TrainedParts(model::Checkpoint& base, ParameterStore& store, std::vector<std::string> parts, torch::ScalarType dtype);

  torch::Tensor take(const std::string& name, c10::IntArrayRef shape, model::FreshValue fresh) override;
  bool has(const std::string& name) const override { return base_.has(name); }

  // After a network was built of it. Throws Error{Unsupported} naming a weight that the network computed something from once and
  // for all, so that training would not reach it.
  void check() const;

  // Of the weights that are in the store, as the files name them.
  const std::vector<std::string>& names() const { return names_; }

 private:
  bool trains(const std::string& name) const;

  model::Checkpoint& base_;
  ParameterStore& store_;
  std::vector<std::string> parts_;
  std::vector<std::string> names_;
};

// The weights of these names in the store.
std::map<std::string, torch::Tensor> weightsOf(const ParameterStore& store, const std::vector<std::string>& names);

// Whether one of them is trained at present.
bool trainsAny(const ParameterStore& store, const std::vector<std::string>& names);

}  // namespace orthoscribe::learn
