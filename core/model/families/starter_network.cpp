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
  traits_.bankExperts = decoder_.bankExperts();
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

// After the last norm and with what copying adds, the rows of all sequences one behind the other.
at::Tensor StarterNetwork::hiddenOf(std::span<const SequenceStep> steps, const Observer* observer) const {
  std::vector<SequenceStep> own;
  std::vector<at::Tensor> besides;
  for (const SequenceStep& step : steps) {
    const torch::Tensor beside = step.embeddings.narrow(1, decoderWidth(), kFlags + objectWidth()).unsqueeze(0).contiguous();
    besides.push_back(step.cache->append(decoder_.config().layers, beside, beside).first);
    own.push_back({.embeddings = step.embeddings.narrow(1, 0, decoderWidth()).contiguous(), .cache = step.cache});
  }
  const torch::Tensor hidden = decoder_.forwardTogether(own, observer);
  std::vector<at::Tensor> copied;
  std::int64_t begin = 0;
  for (std::size_t i = 0; i < own.size(); ++i) {
    const std::int64_t count = own[i].embeddings.size(0);
    const torch::Tensor rows = hidden.narrow(0, begin, count).unsqueeze(0);
    const torch::Tensor counted = numbersSinceAnswer(besides[i].narrow(2, 0, kFlags));
    const torch::Tensor before = counted.narrow(1, counted.size(1) - count, count);
    copied.push_back((rows + copying_.forward(rows, besides[i].narrow(2, kFlags, objectWidth()), before)).squeeze(0));
    begin += count;
  }
  return at::cat(copied);
}

at::Tensor StarterNetwork::forward(const at::Tensor& embeddings, KvCache& cache, bool lastOnly, const Observer* observer) const {
  const at::NoGradGuard noGradients;
  const SequenceStep step{.embeddings = embeddings, .cache = &cache};
  const at::Tensor hidden = hiddenOf({&step, 1}, observer);
  return decoder_.logits(lastOnly ? hidden.narrow(0, hidden.size(0) - 1, 1) : hidden);
}

at::Tensor StarterNetwork::forwardTogether(std::span<const SequenceStep> steps, const Observer* observer) const {
  const at::NoGradGuard noGradients;
  const at::Tensor last = at::tensor(lastRowsOf(steps), at::kLong).to(decoder_.device());
  return decoder_.logits(hiddenOf(steps, observer).index_select(0, last));
}

}  // namespace orthoscribe::model
