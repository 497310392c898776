// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/generator.h"

#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "core/base/error.h"
#include "core/engine/beam_answer.h"
#include "core/engine/repetition.h"
#include "core/engine/sampler.h"

namespace orthoscribe::engine {
namespace {

std::span<const float> valuesOf(const at::Tensor& logits) {
  return {logits.const_data_ptr<float>(), static_cast<std::size_t>(logits.numel())};
}

}  // namespace

struct Generator::Task {
  const GenerationOptions& options;
  const Decoding& decoding;
  std::vector<text::TokenId> prompt;
  std::int64_t limit;  // longest answer
  const CancelToken& cancel;

  Usage usage(std::size_t answered) const {
    return {.promptTokens = static_cast<std::int64_t>(prompt.size()), .completionTokens = static_cast<std::int64_t>(answered)};
  }
};

Generator::Generator(const model::Network& network, const text::Tokenizer& tokenizer, AnswerRules rules,
                     GenerationDefaults defaults)
    : network_(network), tokenizer_(tokenizer), rules_(std::move(rules)), defaults_(defaults), sequence_(network) {}

void Generator::checkFits(std::int64_t promptTokens) const {
  const std::int64_t limit = network_.traits().maxPositions;
  if (promptTokens < limit) return;
  throw Error(ErrorCode::InvalidInput,
              "the conversation with its images takes " + std::to_string(promptTokens) + " tokens, the model sees at most " +
                  std::to_string(limit) + " with its answer",
              "start a new conversation, or send fewer or smaller images");
}

Reply Generator::answer(SequenceInput prompt, const GenerationOptions& options, const VisionLanguageModel::OnToken& onToken,
                        const CancelToken& cancel) {
  const at::NoGradGuard noGradients;
  const Decoding decoding = decodingOf(options, defaults_);
  const auto promptTokens = static_cast<std::int64_t>(prompt.ids.size());
  checkFits(promptTokens);
  const Task task{.options = options,
                  .decoding = decoding,
                  .prompt = prompt.ids,
                  .limit = std::min<std::int64_t>(options.maxNewTokens, network_.traits().maxPositions - promptTokens),
                  .cancel = cancel};
  AnswerRecorder recorder(tokenizer_, rules_, options, onToken);
  recorder.setUsage(task.usage(0));
  try {
    at::Tensor logits = sequence_.start(std::move(prompt), cancel);
    return recorder.finish(decoding.beams > 1 ? search(task, logits, recorder) : sample(task, std::move(logits), recorder));
  } catch (const Error& error) {
    if (error.code() != ErrorCode::Cancelled) throw;
    return recorder.finish(StopReason::Cancelled);
  }
}

StopReason Generator::sample(const Task& task, at::Tensor logits, AnswerRecorder& recorder) {
  Sampler sampler(task.decoding);
  std::vector<text::TokenId> seen = task.prompt;
  while (true) {
    task.cancel.throwIfCancelled();
    const text::TokenId id = sampler.choose(valuesOf(logits), seen);
    seen.push_back(id);
    const std::span<const text::TokenId> answer = std::span(seen).subspan(task.prompt.size());
    recorder.setUsage(task.usage(answer.size()));
    if (rules_.endTokens.contains(id)) return StopReason::EndOfAnswer;
    recorder.take(id, recorder.describe(id, valuesOf(logits)));
    if (recorder.stopped()) return StopReason::EndOfAnswer;
    if (task.options.repetitionGuard && repeats(answer, recorder)) return StopReason::Repetition;
    if (static_cast<std::int64_t>(answer.size()) >= task.limit) return StopReason::Length;
    logits = sequence_.append(id, task.cancel);
  }
}

StopReason Generator::search(const Task& task, const at::Tensor& logits, AnswerRecorder& recorder) {
  std::size_t given = 0;
  const auto giveUpTo = [&](const Hypothesis& hypothesis, std::size_t count) {
    for (; given < count && !recorder.stopped() && !rules_.endTokens.contains(hypothesis.ids[given]); ++given)
      recorder.take(hypothesis.ids[given], hypothesis.tokens[given]);
  };
  const BeamRequest request{
      .rules = {.beams = task.decoding.beams,
                .lengthPenalty = task.decoding.lengthPenalty,
                .earlyStopping = task.decoding.earlyStopping,
                .maxTokens = task.limit,
                .endTokens = rules_.endTokens.size()},
      .scoreRules = ScoreRules(task.decoding),
      .ends = [&](std::span<const text::TokenId> ids,
                  text::TokenId next) { return rules_.endTokens.contains(next) || recorder.text().stopsAt(ids, next); },
      .describe = [&](text::TokenId id, std::span<const float> values) { return recorder.describe(id, values); },
      .enough =
          [&](const BeamSearch& state) {
            const Hypothesis& leader = state.open().front();
            recorder.setUsage(task.usage(leader.ids.size()));
            giveUpTo(leader, settledTokens(state));
            return task.options.repetitionGuard && endlessRepetition(leader.ids).has_value();
          }};
  const BeamSearch found = searchBeams(network_, sequence_, logits, task.prompt, request, task.cancel);
  const Hypothesis& best = found.finished().front();
  giveUpTo(best, best.ids.size());
  recorder.setUsage(task.usage(best.ids.size()));
  if (best.ended) return StopReason::EndOfAnswer;
  return task.options.repetitionGuard && repeats(best.ids, recorder) ? StopReason::Repetition : StopReason::Length;
}

bool Generator::repeats(std::span<const text::TokenId> answer, AnswerRecorder& recorder) const {
  const std::optional<Repetition> repetition = endlessRepetition(answer);
  if (repetition) recorder.setRepeated(answer.last(repetition->period));
  return repetition.has_value();
}

std::vector<text::TokenId> Generator::greedy(SequenceInput prompt, int count) {
  const at::NoGradGuard noGradients;
  checkFits(static_cast<std::int64_t>(prompt.ids.size()));
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
  checkFits(static_cast<std::int64_t>(prompt.ids.size()));
  rules.endTokens = endTokens.size();
  const BeamRequest request{
      .rules = rules,
      .scoreRules = ScoreRules(Decoding{}),
      .ends = [&](std::span<const text::TokenId> /*ids*/, text::TokenId next) { return std::ranges::count(endTokens, next) > 0; },
      .describe = {},
      .enough = {}};
  const std::vector<text::TokenId> ids = prompt.ids;
  const at::Tensor logits = sequence_.start(std::move(prompt), {});
  return searchBeams(network_, sequence_, logits, ids, request, {}).finished();
}

}  // namespace orthoscribe::engine
