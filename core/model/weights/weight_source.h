// SPDX-License-Identifier: GPL-2.0-or-later
// Where layers take their weights from while they are built: a checkpoint, or fresh random values to train from nothing.
#pragma once

#include <torch/types.h>

#include <initializer_list>
#include <string>

namespace orthoscribe::model {

// How a fresh weight starts. A checkpoint ignores it.
enum class FreshValue {
  Zeros,
  Ones,
  Normal002,       // normal, standard deviation 0.02
  KaimingUniform,  // as torch's Linear and Conv2d: uniform, a = sqrt(5)
};

class WeightSource {
 public:
  virtual ~WeightSource() = default;

  // The tensor of that full name, in the source's precision and on its device. Throws Error{InvalidInput} with the name and both
  // shapes when the shape differs, Error{NotFound} with the name when it is missing.
  virtual torch::Tensor take(const std::string& name, c10::IntArrayRef shape, FreshValue fresh) = 0;

  // Whether `take` would find it; a fresh source says yes to everything unless told otherwise.
  virtual bool has(const std::string& name) const = 0;
};

// Adds a prefix, so that a layer names its weights as in its own scope.
class Scope {
 public:
  Scope(WeightSource& source, std::string prefix) : source_(&source), prefix_(std::move(prefix)) {}
  Scope sub(const std::string& name) const { return {*source_, prefix_ + name + "."}; }
  Scope sub(const std::string& name, int64_t index) const { return sub(name + "." + std::to_string(index)); }
  torch::Tensor take(const std::string& name, std::initializer_list<int64_t> shape,
                     FreshValue fresh = FreshValue::Normal002) const {
    return source_->take(prefix_ + name, c10::IntArrayRef(shape), fresh);
  }
  bool has(const std::string& name) const { return source_->has(prefix_ + name); }
  const std::string& prefix() const { return prefix_; }
  WeightSource& source() const { return *source_; }

 private:
  WeightSource* source_;
  std::string prefix_;
};

}  // namespace orthoscribe::model
