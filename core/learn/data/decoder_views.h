// SPDX-License-Identifier: GPL-2.0-or-later
// Views that a batch of lessons for the decoder is about. As with the tower, batch n depends on the seed and on n alone.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "core/learn/data/view.h"

namespace orthoscribe::learn {

struct ViewFacts {
  const Sample* sample = nullptr;
  std::vector<LabelledBox> boxes;  // in view pixels
  bool upright = false;            // neither turned nor flipped: words such as "left" stay true
  bool drawnObjects = false;       // the list of objects is to be replaced by a made-up one
  std::uint64_t seed = 0;          // of everything that is drawn about this view later
};

struct DecoderViews {
  torch::Tensor pixels;  // uint8 [N, side, side, 3]
  std::vector<ViewFacts> facts;
};

struct DecoderViewOptions {
  int batch = 16;
  int side = 256;
  double boxShare = 0.4;            // drawn from pictures with boxes
  double captionShare = 0.3;        // drawn from pictures with captions, upright
  double drawnShare = 0.3;          // chance that a view gets a made-up list of objects
  std::vector<double> drawWeights;  // of the samples, in their order: how often each is drawn; empty: all alike
  Augmentation augmentation;
};

class DecoderViewMaker {
 public:
  // samples must outlive this.
  DecoderViewMaker(const std::vector<Sample>& samples, DecoderViewOptions options, std::uint64_t seed);
  DecoderViews make(std::int64_t number) const;

 private:
  struct Pool {
    std::vector<const Sample*> samples;
    std::vector<double> upTo;  // sums of their weights
    void add(const Sample& sample, double weight);
    const Sample* draw(Random& random) const;
  };

  DecoderViewOptions options_;
  std::uint64_t seed_;
  Pool withBoxes_, withCaptions_, all_;
};

// uint8 [side, side, 3] of an image.
torch::Tensor pixelTensor(const RgbImage& image);

// uint8 [N, H, W, 3] -> [N, 3, H, W] in -1..1, as preprocessor_config.json of the starter says (mean 0.5, deviation 0.5).
torch::Tensor normalisedPixels(const torch::Tensor& pixels, torch::Device device, at::ScalarType dtype);

}  // namespace orthoscribe::learn
