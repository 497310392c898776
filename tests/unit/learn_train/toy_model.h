// SPDX-License-Identifier: GPL-2.0-or-later
// A model of a few hundred weights with a router and experts, and lessons drawn for it by number.
#pragma once

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include <functional>
#include <memory>
#include <string>

#include "core/learn/train/decoder_graph.h"
#include "core/learn/train/lesson_stream.h"
#include "core/learn/train/parameter_store.h"
#include "core/model/adapters/routing.h"

namespace orthoscribe::learn {

inline constexpr std::int64_t kToyWords = 12;
inline constexpr std::int64_t kToyWidth = 6;
inline constexpr std::int64_t kToyExperts = 4;
inline constexpr std::int64_t kToyTokens = 5;  // of an answer

class ToyModel {
 public:
  explicit ToyModel(std::uint64_t seed = 3) : store_(seed) {
    const std::string adapter = std::string(kAdapterPrefix) + "layers.0.mlp.";
    table_ = store_.take("table.weight", {kToyWords, kToyWidth}, model::FreshValue::Normal002);
    head_ = store_.take("head.weight", {kToyWords, kToyWidth}, model::FreshValue::KaimingUniform);
    router_ = store_.take(adapter + "router.weight", {kToyExperts, kToyWidth}, model::FreshValue::KaimingUniform);
    for (std::int64_t expert = 0; expert < kToyExperts; ++expert) {
      experts_.push_back(store_.take(adapter + "up_proj.experts." + std::to_string(expert) + ".lora_A.weight",
                                     {kToyWidth, kToyWidth}, model::FreshValue::KaimingUniform));
    }
  }

  ParameterStore& store() { return store_; }

  // ids [N, S] -> logits [N, S, words].
  torch::Tensor forward(const torch::Tensor& ids, std::vector<model::Routing>& routings) const {
    const torch::Tensor rows = at::embedding(table_, ids) * 20;
    routings.push_back(model::Router(router_, 2, true).route(rows));
    torch::Tensor mixed = rows;
    for (std::int64_t expert = 0; expert < kToyExperts; ++expert)
      mixed = mixed + routings[0].gates.select(-1, expert).unsqueeze(-1) *
                          at::linear(rows, experts_[static_cast<std::size_t>(expert)]).tanh();
    return at::linear(mixed, head_);
  }

 private:
  ParameterStore store_;
  torch::Tensor table_, head_, router_;
  std::vector<torch::Tensor> experts_;
};

// Every lesson is a question of one random word and an answer of kToyTokens words that count up from it.
class ToyStream : public LessonStream {
 public:
  // batch: lessons a micro-batch; pairs: every other lesson is a worse answer to the one before it.
  ToyStream(ToyModel& model, std::int64_t batch, bool pairs = false) : model_(model), batch_(batch), pairs_(pairs) {}

  void begin(std::int64_t first, std::int64_t stride) override {
    began = first;
    step = stride;
  }
  void load(std::int64_t number) override {
    number_ = number;
    std::vector<torch::Tensor> rows;
    for (std::int64_t index = 0; index < batch_; ++index) rows.push_back(row(number * batch_ + index));
    ids_ = at::stack(rows);
  }
  AnswerBatch answer() override {
    AnswerBatch batch;
    const torch::Tensor inputs = ids_.narrow(1, 0, kToyTokens);
    batch.logits = model_.forward(inputs, batch.routings).flatten(0, 1);
    batch.labels = ids_.narrow(1, 1, kToyTokens).flatten();
    batch.answerCount = batch_;
    batch.answers = at::arange(batch_).repeat_interleave(kToyTokens);
    for (std::int64_t index = 0; index < batch_; ++index)
      batch.names.push_back("toy " + std::to_string(number_ * batch_ + index));
    const torch::Tensor chosen = pairs_ ? at::arange(batch_).remainder(2).eq(0) : at::ones({batch_}, at::kBool);
    for (std::int64_t index = 0; pairs_ && index + 1 < batch_; index += 2) batch.pairs.emplace_back(index, index + 1);
    batch.weights = chosen.to(at::kFloat).repeat_interleave(kToyTokens);
    batch.isText = chosen.unsqueeze(1).expand_as(inputs);
    batch.isImage = batch.isText.logical_not().logical_and(batch.isText);
    if (change) change(number_, batch);
    return batch;
  }
  std::int64_t epochLength() const override { return 10; }

  std::int64_t began = -1, step = 0;
  std::function<void(std::int64_t number, AnswerBatch& batch)> change;  // what a test does to a batch

 private:
  torch::Tensor row(std::int64_t lesson) const {
    const std::int64_t question = pairs_ ? lesson / 2 : lesson;
    const at::Generator generator = at::detail::createCPUGenerator(static_cast<std::uint64_t>(question) + 17);
    const torch::Tensor first = at::randint(kToyWords, {1}, generator, at::kLong);
    const std::int64_t way = pairs_ && lesson % 2 == 1 ? -1 : 1;
    return (first + way * at::arange(kToyTokens + 1)).remainder(kToyWords);
  }

  ToyModel& model_;
  std::int64_t batch_;
  bool pairs_;
  std::int64_t number_ = 0;
  torch::Tensor ids_;
};

}  // namespace orthoscribe::learn
