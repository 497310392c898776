// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/decoder_views.h"

#include <ATen/ATen.h>

#include <cstring>

namespace orthoscribe::learn {

torch::Tensor pixelTensor(const RgbImage& image) {
  torch::Tensor pixels = at::empty({image.height, image.width, 3}, at::kByte);
  std::memcpy(pixels.data_ptr(), image.pixels.data(), image.pixels.size());
  return pixels;
}

torch::Tensor normalisedPixels(const torch::Tensor& pixels, torch::Device device, at::ScalarType dtype) {
  return pixels.to(device).permute({0, 3, 1, 2}).to(dtype).div_(127.5).sub_(1);
}

DecoderViewMaker::DecoderViewMaker(const std::vector<Sample>& samples, DecoderViewOptions options, std::uint64_t seed)
    : samples_(&samples), options_(options), seed_(seed) {
  for (const Sample& sample : samples) {
    if (!sample.scene) continue;
    all_.push_back(&sample);
    if (!sample.boxes.empty()) withBoxes_.push_back(&sample);
    if (!sample.caption.empty()) withCaptions_.push_back(&sample);
  }
}

DecoderViews DecoderViewMaker::make(std::int64_t number) const {
  Random random(seed_ * 6151 + static_cast<std::uint64_t>(number));
  DecoderViews views;
  std::vector<torch::Tensor> pixels;
  for (int slot = 0; slot < options_.batch; ++slot) {
    const double kind = uniform(random, 0, 1);
    const bool boxed = kind < options_.boxShare && !withBoxes_.empty();
    const bool captioned = !boxed && kind < options_.boxShare + options_.captionShare && !withCaptions_.empty();
    const std::vector<const Sample*>& source = boxed ? withBoxes_ : captioned ? withCaptions_ : all_;
    ViewFacts facts;
    facts.sample = source[random() % source.size()];
    facts.upright = captioned;
    const ViewTransform transform = captioned ? plainView(*facts.sample, options_.side)
                                              : randomView(*facts.sample, options_.side, options_.augmentation, random);
    View view = takeView(*facts.sample, transform, options_.side);
    changeLight(view.image, options_.augmentation.colour, random);
    facts.boxes = std::move(view.boxes);
    facts.drawnObjects = uniform(random, 0, 1) < options_.drawnShare;
    facts.seed = random();
    pixels.push_back(pixelTensor(view.image));
    views.facts.push_back(std::move(facts));
  }
  views.pixels = at::stack(pixels);
  return views;
}

}  // namespace orthoscribe::learn
