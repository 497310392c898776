// SPDX-License-Identifier: GPL-2.0-or-later
// The starter as the engine runs it: eyes, a decoder, and the copying of numbers from the list of objects.
#pragma once

#include "core/model/blocks/copy_attention.h"
#include "core/model/blocks/decoder.h"
#include "core/model/blocks/starter_vision.h"
#include "core/model/config_fields.h"
#include "core/model/network.h"

namespace orthoscribe::model {

// From the starter's config.json. Throws Error{InvalidInput} naming the field.
StarterVisionConfig readStarterVision(const ConfigFields& config);

// Its rows are wider than the decoder: behind the decoder's columns come two flags of the token (CopyAttention::tokenFlags) and
// what the list says of an object, so that everything a row means travels with it through the engine. They are kept in one more
// layer of the cache.
class StarterNetwork : public Network {
 public:
  StarterNetwork(Decoder decoder, StarterVision vision, CopyAttention copying);

  const NetworkTraits& traits() const override { return traits_; }
  at::Tensor embedTokens(const at::Tensor& ids) const override;
  // Throws Error{InvalidInput} for pictures of another size.
  at::Tensor encodeImage(const at::Tensor& pixelValues, const Observer* observer) const override;
  KvCache makeCache() const override;
  at::Tensor forward(const at::Tensor& embeddings, KvCache& cache, bool lastOnly, const Observer* observer) const override;
  at::Tensor forwardTogether(std::span<const SequenceStep> steps, const Observer* observer) const override;

 private:
  at::Tensor hiddenOf(std::span<const SequenceStep> steps, const Observer* observer) const;
  std::int64_t decoderWidth() const { return decoder_.config().hidden; }
  std::int64_t objectWidth() const { return objectFeatureCount(vision_.config().tower.objectClasses); }

  NetworkTraits traits_;
  Decoder decoder_;
  StarterVision vision_;
  CopyAttention copying_;
};

}  // namespace orthoscribe::model
