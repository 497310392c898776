// SPDX-License-Identifier: GPL-2.0-or-later
// A decoder, with or without an image encoder before it, as the engine runs it.
#pragma once

#include <memory>
#include <string>

#include "core/model/blocks/decoder.h"
#include "core/model/blocks/image_encoder.h"
#include "core/model/network.h"

namespace orthoscribe::model {

class DecoderNetwork : public Network {
 public:
  // encoder may be null: then the network sees no images. Where it adds rows to several layers, a row of this network holds them
  // all, one behind the other, and tokens of text have zeros there.
  DecoderNetwork(std::string family, Decoder decoder, std::unique_ptr<ImageEncoder> encoder = nullptr);

  const Decoder& decoder() const { return decoder_; }
  const NetworkTraits& traits() const override { return traits_; }
  at::Tensor embedTokens(const at::Tensor& ids) const override;
  at::Tensor encodeImage(const at::Tensor& pixelValues, const Observer* observer) const override;
  at::Tensor encodeImageFor(const at::Tensor& pixelValues, const at::Tensor& question, const Observer* observer) const override;
  // As encodeImageFor, differentiable in those of the encoder's weights that want gradients.
  at::Tensor look(const at::Tensor& pixelValues, const at::Tensor& question) const;
  KvCache makeCache() const override { return decoder_.makeCache(); }
  at::Tensor positionsOf(std::int64_t length, std::span<const ImagePlace> images) const override;
  at::Tensor forward(const at::Tensor& embeddings, KvCache& cache, bool lastOnly, const Observer* observer) const override;
  at::Tensor forwardTogether(std::span<const SequenceStep> steps, const Observer* observer) const override;
  bool mustRecompute(std::int64_t before, std::int64_t after) const override { return decoder_.mustRecompute(before, after); }

 private:
  at::Tensor hiddenOf(std::span<const SequenceStep> steps, const Observer* observer) const;
  const ImageEncoder& encoder() const;
  std::int64_t addedLayers() const { return encoder_ ? encoder_->addedLayers() : 0; }

  NetworkTraits traits_;
  Decoder decoder_;
  std::unique_ptr<ImageEncoder> encoder_;
};

}  // namespace orthoscribe::model
