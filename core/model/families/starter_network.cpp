// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/families/starter_network.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <string>
#include <utility>

#include "core/base/error.h"

namespace orthoscribe::model {
namespace {

constexpr std::int64_t kFlags = 2;

}  // namespace

StarterNetwork::StarterNetwork(Decoder decoder, StarterVision vision, CopyAttention copying)
    : decoder_(std::move(decoder)), vision_(std::move(vision)), copying_(std::move(copying)) {
  traits_.family = "starter";
  traits_.vocabularySize = decoder_.config().vocabulary;
  traits_.hiddenSize = decoderWidth() + kFlags + objectWidth();
  traits_.maxPositions = decoder_.config().maxPositions;
  traits_.seesImages = true;
  traits_.adapters = decoder_.adapterNames();
  traits_.routesBySequence = decoder_.routesBySequence();
  traits_.adaptersChangeImages = decoder_.adaptersChangeImages();
}

at::Tensor StarterNetwork::embedTokens(const at::Tensor& ids) const {
  const at::NoGradGuard noGradients;
  if (ids.numel() > 0 && (ids.min().item<std::int64_t>() < 0 || ids.max().item<std::int64_t>() >= traits_.vocabularySize)) {
    throw Error(ErrorCode::InvalidInput,
                "a token is outside the starter's vocabulary of " + std::to_string(traits_.vocabularySize),
                "the tokenizer does not belong to these weights");
  }
  const torch::Tensor known = ids.to(decoder_.device());
  const torch::Tensor words = decoder_.embed(known);
  const torch::Tensor flags = copying_.tokenFlags(known).to(words.scalar_type());
  return at::constant_pad_nd(at::cat({words, flags}, 1), {0, objectWidth()});
}

at::Tensor StarterNetwork::encodeImage(const at::Tensor& pixelValues, const Observer* observer) const {
  const at::NoGradGuard noGradients;
  const std::int64_t side = vision_.config().sidePx;
  if (pixelValues.size(2) != side || pixelValues.size(3) != side) {
    throw Error(ErrorCode::InvalidInput,
                "the starter takes images of " + std::to_string(side) + " x " + std::to_string(side) + " pixels");
  }
  const StarterView view = vision_.look(pixelValues.to(decoder_.device(), decoder_.dtype()));
  if (observer) (*observer)("vision_features", view.grid);
  const torch::Tensor rows = vision_.project(view, decoder_.dtype());
  const torch::Tensor objects = vision_.describe(view).to(rows.scalar_type());
  const torch::Tensor beside = at::constant_pad_nd(objects, {kFlags, 0, rows.size(1) - objects.size(1), 0});
  const torch::Tensor wide = at::cat({rows, beside}, 2).flatten(0, 1);
  if (observer) (*observer)("vision_projected", wide);
  return wide;
}

KvCache StarterNetwork::makeCache() const {
  return KvCache(decoder_.config().layers + 1);
}

at::Tensor StarterNetwork::forward(const at::Tensor& embeddings, KvCache& cache, bool lastOnly, const Observer* observer) const {
  const at::NoGradGuard noGradients;
  const std::int64_t count = embeddings.size(0);
  const torch::Tensor beside = embeddings.narrow(1, decoderWidth(), kFlags + objectWidth()).unsqueeze(0).contiguous();
  const torch::Tensor all = cache.append(decoder_.config().layers, beside, beside).first;
  torch::Tensor hidden = decoder_.forwardCached(embeddings.narrow(1, 0, decoderWidth()).contiguous(), cache, observer);
  const torch::Tensor counted = numbersSinceAnswer(all.narrow(2, 0, kFlags));
  const torch::Tensor objects = all.narrow(2, kFlags, objectWidth());
  const torch::Tensor before = counted.narrow(1, counted.size(1) - count, count);
  hidden = hidden + copying_.forward(hidden.unsqueeze(0), objects, before).squeeze(0);
  return decoder_.logits(lastOnly ? hidden.narrow(0, count - 1, 1) : hidden);
}

}  // namespace orthoscribe::model
