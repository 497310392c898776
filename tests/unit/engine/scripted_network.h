// SPDX-License-Identifier: GPL-2.0-or-later
// A network whose next token is a function of everything it has seen: what it has seen lies in its cache, so a cache that was
// reused or truncated wrongly changes the answer.
#pragma once

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <functional>
#include <utility>
#include <vector>

#include "byte_tokenizer.h"
#include "core/model/network.h"

namespace orthoscribe::engine {

class ScriptedNetwork : public model::Network {
 public:
  // history: ids of all tokens so far (image rows: the value of the row). Gives the next token.
  using Next = std::function<text::TokenId(const std::vector<text::TokenId>& history)>;

  explicit ScriptedNetwork(Next next, std::int64_t maxPositions = 100000) : next_(std::move(next)) {
    traits_ = {.family = "scripted",
               .vocabularySize = ByteTokenizer::kSize,
               .hiddenSize = 1,
               .maxPositions = maxPositions,
               .seesImages = true,
               .adapters = {}};
  }

  const model::NetworkTraits& traits() const override { return traits_; }
  at::Tensor embedTokens(const at::Tensor& ids) const override { return ids.to(at::kFloat).reshape({-1, 1}); }
  at::Tensor encodeImage(const at::Tensor& pixelValues, const model::Observer*) const override {
    return pixelValues.reshape({-1, 1});
  }
  model::KvCache makeCache() const override { return model::KvCache(1); }

  at::Tensor forward(const at::Tensor& embeddings, model::KvCache& cache, bool lastOnly, const model::Observer*) const override {
    EXPECT_TRUE(lastOnly);
    passes.push_back(embeddings.size(0));
    if (onPass) onPass();
    const at::Tensor step = embeddings.reshape({1, -1, 1});
    const at::Tensor all = cache.append(0, step, step).first.reshape({-1}).to(at::kLong).contiguous();
    cache.advance(embeddings.size(0));
    const std::vector<text::TokenId> history(all.const_data_ptr<std::int64_t>(),
                                             all.const_data_ptr<std::int64_t>() + all.numel());
    if (logitsAfter) return logitsAfter(history).reshape({1, traits_.vocabularySize});
    at::Tensor logits = at::zeros({1, traits_.vocabularySize});
    logits.select(0, 0).select(0, next_(history)).fill_(10.0);
    return logits;
  }

  bool mustRecompute(std::int64_t before, std::int64_t after) const override {
    return factorsChangeAt > 0 && before <= factorsChangeAt && after > factorsChangeAt;
  }

  mutable std::vector<std::int64_t> passes;  // tokens of each forward pass
  std::function<void()> onPass;
  std::function<at::Tensor(const std::vector<text::TokenId>& history)> logitsAfter;  // in place of `next`
  std::int64_t factorsChangeAt = 0;

 private:
  Next next_;
  model::NetworkTraits traits_;
};

// Answers `text` after any prompt of `promptLength` tokens, then <end>.
inline ScriptedNetwork::Next answering(std::vector<text::TokenId> answer, std::size_t promptLength) {
  return [answer = std::move(answer), promptLength](const std::vector<text::TokenId>& history) {
    const std::size_t at = history.size() - promptLength;
    return at < answer.size() ? answer[at] : ByteTokenizer::kEnd;
  };
}

}  // namespace orthoscribe::engine
