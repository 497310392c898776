// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/blocks/decoder_network.h"

#include <ATen/ATen.h>

#include <utility>

#include "core/base/error.h"

namespace orthoscribe::model {
namespace {

void checkIds(const at::Tensor& ids, std::int64_t vocabulary) {
  if (ids.numel() == 0) return;
  const auto lowest = ids.min().item<std::int64_t>();
  const auto highest = ids.max().item<std::int64_t>();
  if (lowest >= 0 && highest < vocabulary) return;
  throw Error(ErrorCode::InvalidInput,
              "token " + std::to_string(lowest < 0 ? lowest : highest) + " is outside the model's vocabulary of " +
                  std::to_string(vocabulary),
              "the tokenizer does not belong to these weights");
}

}  // namespace

DecoderNetwork::DecoderNetwork(std::string family, Decoder decoder, std::unique_ptr<ImageEncoder> encoder)
    : traits_{.family = std::move(family),
              .vocabularySize = decoder.config().vocabulary,
              .hiddenSize = decoder.config().hidden * (1 + (encoder ? encoder->addedLayers() : 0)),
              .maxPositions = decoder.config().maxPositions,
              .seesImages = encoder != nullptr,
              .readsQuestion = encoder != nullptr && encoder->readsQuestion(),
              .adapters = decoder.adapterNames(),
              .routesBySequence = decoder.routesBySequence(),
              .adaptersChangeImages = decoder.adaptersChangeImages(),
              .bankExperts = decoder.bankExperts()},
      decoder_(std::move(decoder)),
      encoder_(std::move(encoder)) {}

at::Tensor DecoderNetwork::embedTokens(const at::Tensor& ids) const {
  const at::NoGradGuard noGrad;
  checkIds(ids, traits_.vocabularySize);
  const at::Tensor rows = decoder_.embed(ids.to(decoder_.device()));
  return addedLayers() > 0 ? at::constant_pad_nd(rows, {0, traits_.hiddenSize - rows.size(1)}) : rows;
}

const ImageEncoder& DecoderNetwork::encoder() const {
  if (encoder_) return *encoder_;
  throw Error(ErrorCode::Unsupported, "the model family " + traits_.family + " sees no images", "choose a model that does");
}

at::Tensor DecoderNetwork::encodeImage(const at::Tensor& pixelValues, const Observer* observer) const {
  const at::NoGradGuard noGrad;
  return encoder().encode(pixelValues.to(decoder_.device(), decoder_.dtype()), observer);
}

at::Tensor DecoderNetwork::encodeImageFor(const at::Tensor& pixelValues, const at::Tensor& question,
                                          const Observer* observer) const {
  const at::NoGradGuard noGrad;
  return encoder().encodeFor(pixelValues.to(decoder_.device(), decoder_.dtype()), question, observer);
}

at::Tensor DecoderNetwork::look(const at::Tensor& pixelValues, const at::Tensor& question) const {
  return encoder().encodeFor(pixelValues.to(decoder_.device(), decoder_.dtype()), question, nullptr);
}

at::Tensor DecoderNetwork::positionsOf(std::int64_t length, std::span<const ImagePlace> images) const {
  return decoder_.hasPositionAxes() ? multimodalPositions(length, images) : at::Tensor();
}

// The decoder's own columns, and what is added to its first layers.
at::Tensor DecoderNetwork::hiddenOf(std::span<const SequenceStep> steps, const Observer* observer) const {
  std::vector<SequenceStep> own(steps.begin(), steps.end());
  std::vector<std::vector<at::Tensor>> added(static_cast<std::size_t>(addedLayers()));
  for (SequenceStep& step : own) {
    const std::vector<at::Tensor> layers = step.embeddings.chunk(1 + addedLayers(), 1);
    step.embeddings = layers.front().contiguous();
    for (std::size_t layer = 0; layer < added.size(); ++layer) added[layer].push_back(layers[layer + 1]);
  }
  std::vector<at::Tensor> joined;
  for (const std::vector<at::Tensor>& layer : added) joined.push_back(at::cat(layer));
  return decoder_.forwardTogether(own, observer, joined);
}

at::Tensor DecoderNetwork::forward(const at::Tensor& embeddings, KvCache& cache, bool lastOnly, const Observer* observer) const {
  const at::NoGradGuard noGrad;
  const SequenceStep step{.embeddings = embeddings, .cache = &cache};
  const at::Tensor hidden = hiddenOf({&step, 1}, observer);
  return decoder_.logits(lastOnly ? hidden.narrow(0, hidden.size(0) - 1, 1) : hidden);
}

at::Tensor DecoderNetwork::forwardTogether(std::span<const SequenceStep> steps, const Observer* observer) const {
  const at::NoGradGuard noGrad;
  const at::Tensor last = at::tensor(lastRowsOf(steps), at::kLong).to(decoder_.device());
  return decoder_.logits(hiddenOf(steps, observer).index_select(0, last));
}

}  // namespace orthoscribe::model
