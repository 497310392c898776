// SPDX-License-Identifier: GPL-2.0-or-later
// AdamW (Loshchilov and Hutter 2019) with clipping of the whole gradient, a schedule, and a running mean of the weights.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "core/learn/train/parameter_store.h"

namespace orthoscribe::learn {

struct OptimizerOptions {
  double learningRate = 2e-3;
  double beta1 = 0.9;
  double beta2 = 0.98;
  double epsilon = 1e-8;
  double weightDecay = 0.05;    // on tensors of two and more dimensions
  double clipNorm = 5.0;        // largest norm of the gradient over all weights
  double averageDecay = 0.998;  // of the running mean of weights and statistics; 0: the mean is what was there last
  std::vector<double> shares;   // of the learning rate, one a parameter of the store; empty: the whole for all
};

// Linear warm-up, then half a cosine down to a hundredth. done: share of the run, 0..1; warm: share that warms up.
double scheduleFactor(double done, double warm = 0.03);

struct OptimizerState {
  std::int64_t steps = 0;
  std::vector<torch::Tensor> firstMoments;  // one a parameter of the store, also for those that are not trained
  std::vector<torch::Tensor> secondMoments;
  std::vector<torch::Tensor> average;
};

class Optimizer {
 public:
  // store must outlive this. The moments of every parameter are kept in the store's order.
  Optimizer(ParameterStore& store, OptimizerOptions options);

  // Uses the gradients gathered in the parameters and clears them. Returns the gradient's norm before clipping. A gradient that
  // is not finite leaves everything as it was.
  double step(double rateFactor);

  OptimizerState& state() { return state_; }
  const OptimizerState& state() const { return state_; }
  const OptimizerOptions& options() const { return options_; }

 private:
  std::map<std::pair<double, double>, std::vector<std::size_t>> groups(double rateFactor) const;
  void move(const std::vector<std::size_t>& group, double rate, double decay, double clip);
  void moveAverage();

  ParameterStore* store_;
  OptimizerOptions options_;
  OptimizerState state_;
};

// While it lives the store holds the running mean; then what it held before.
class AveragedWeights {
 public:
  AveragedWeights(const ParameterStore& store, const OptimizerState& state);
  ~AveragedWeights();
  AveragedWeights(const AveragedWeights&) = delete;
  AveragedWeights& operator=(const AveragedWeights&) = delete;

 private:
  const ParameterStore* store_;
  std::vector<torch::Tensor> kept_;
};

}  // namespace orthoscribe::learn
