// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/decoder_views.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace orthoscribe::learn {

torch::Tensor pixelTensor(const RgbImage& image) {
  torch::Tensor pixels = at::empty({image.height, image.width, 3}, at::kByte);
  std::memcpy(pixels.data_ptr(), image.pixels.data(), image.pixels.size());
  return pixels;
}

torch::Tensor normalisedPixels(const torch::Tensor& pixels, torch::Device device, at::ScalarType dtype) {
  return pixels.to(device).permute({0, 3, 1, 2}).to(dtype).div_(127.5).sub_(1);
}

void DecoderViewMaker::Pool::add(const Sample& sample, double weight) {
  samples.push_back(&sample);
  upTo.push_back((upTo.empty() ? 0 : upTo.back()) + weight);
}

const Sample* DecoderViewMaker::Pool::draw(Random& random) const {
  const auto place = std::ranges::upper_bound(upTo, uniform(random, 0, upTo.back()));
  return samples[std::min<std::size_t>(static_cast<std::size_t>(place - upTo.begin()), samples.size() - 1)];
}

DecoderViewMaker::DecoderViewMaker(const std::vector<Sample>& samples, DecoderViewOptions options, std::uint64_t seed)
    : options_(std::move(options)), seed_(seed) {
  for (std::size_t index = 0; index < samples.size(); ++index) {
    const Sample& sample = samples[index];
    if (!sample.scene) continue;
    const double weight = options_.drawWeights.empty() ? 1 : options_.drawWeights[index];
    all_.add(sample, weight);
    if (!sample.boxes.empty()) withBoxes_.add(sample, weight);
    if (!sample.caption.empty()) withCaptions_.add(sample, weight);
  }
}

DecoderViews DecoderViewMaker::make(std::int64_t number) const {
  Random random(seed_ * 6151 + static_cast<std::uint64_t>(number));
  DecoderViews views;
  std::vector<torch::Tensor> pixels;
  for (int slot = 0; slot < options_.batch; ++slot) {
    const double kind = uniform(random, 0, 1);
    const bool boxed = kind < options_.boxShare && !withBoxes_.samples.empty();
    const bool captioned = !boxed && kind < options_.boxShare + options_.captionShare && !withCaptions_.samples.empty();
    const Pool& source = boxed ? withBoxes_ : captioned ? withCaptions_ : all_;
    ViewFacts facts;
    facts.sample = source.draw(random);
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
