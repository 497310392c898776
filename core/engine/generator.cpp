// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/generator.h"

#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <span>
#include <utility>

#include "core/engine/answer_run.h"
#include "core/engine/beam_answer.h"
#include "core/engine/sampler.h"

namespace orthoscribe::engine {
namespace {

std::span<const float> valuesOf(const at::Tensor& logits) {
  return {logits.const_data_ptr<float>(), static_cast<std::size_t>(logits.numel())};
}

}  // namespace

Generator::Generator(const model::Network& network, const text::Tokenizer& tokenizer, AnswerRules rules,
                     GenerationDefaults defaults)
    : network_(network), tokenizer_(tokenizer), rules_(std::move(rules)), defaults_(defaults), sequence_(network) {}

Reply Generator::answer(SequenceInput prompt, const GenerationOptions& options, const VisionLanguageModel::OnToken& onToken,
                        const CancelToken& cancel) {
  const at::NoGradGuard noGradients;
  const AnswerMaking making{.network = network_, .tokenizer = tokenizer_, .rules = rules_, .defaults = defaults_};
  const std::unique_ptr<AnswerRun> run = beginAnswer(making, sequence_, std::move(prompt), options, onToken);
  AnswerRun* const one = run.get();
  runTogether({&one, 1}, cancel);
  return run->finish();
}

std::vector<Reply> Generator::answerTogether(std::vector<RowRequest> rows, const CancelToken& cancel) {
  const at::NoGradGuard noGradients;
  const AnswerMaking making{.network = network_, .tokenizer = tokenizer_, .rules = rules_, .defaults = defaults_};
  const VisionLanguageModel::OnToken nobody;
  std::deque<CachedSequence> sequences;
  std::vector<std::unique_ptr<AnswerRun>> owned;
  std::vector<AnswerRun*> runs;
  for (RowRequest& row : rows) {
    sequences.emplace_back(network_).setObserver(observer_);
    owned.push_back(beginAnswer(making, sequences.back(), std::move(row.prompt), row.options, nobody));
    runs.push_back(owned.back().get());
  }
  runTogether(runs, cancel);
  std::vector<Reply> replies;
  for (AnswerRun* run : runs) replies.push_back(run->finish());
  return replies;
}

std::vector<text::TokenId> Generator::greedy(SequenceInput prompt, int count) {
  const at::NoGradGuard noGradients;
  checkPromptFits(network_, static_cast<std::int64_t>(prompt.ids.size()));
  Sampler sampler{Decoding{}};
  std::vector<text::TokenId> ids;
  at::Tensor logits = sequence_.start(std::move(prompt), {});
  while (static_cast<int>(ids.size()) < count) {
    if (!ids.empty()) logits = sequence_.append(ids.back(), {});
    ids.push_back(sampler.choose(valuesOf(logits), {}));
  }
  return ids;
}

std::vector<Hypothesis> Generator::beams(SequenceInput prompt, BeamRules rules, const std::vector<text::TokenId>& endTokens) {
  const at::NoGradGuard noGradients;
  checkPromptFits(network_, static_cast<std::int64_t>(prompt.ids.size()));
  rules.endTokens = endTokens.size();
  const BeamRequest request{
      .rules = rules,
      .scoreRules = ScoreRules(Decoding{}),
      .ends = [&](std::span<const text::TokenId> /*ids*/, text::TokenId next) { return std::ranges::count(endTokens, next) > 0; },
      .describe = {},
      .enough = {}};
  std::vector<text::TokenId> ids = prompt.ids;
  sequence_.begin(std::move(prompt));
  BeamAnswer answer(network_, sequence_, std::move(ids), request);
  while (!answer.waiting().empty()) answer.take(computeTogether(answer.waiting(), {}));
  return answer.search().finished();
}

}  // namespace orthoscribe::engine
