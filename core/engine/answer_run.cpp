// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/answer_run.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "core/base/error.h"
#include "core/engine/answer_recorder.h"
#include "core/engine/beam_answer.h"
#include "core/engine/repetition.h"
#include "core/engine/sampler.h"

namespace orthoscribe::engine {
namespace {

std::span<const float> valuesOf(const at::Tensor& logits) {
  return {logits.const_data_ptr<float>(), static_cast<std::size_t>(logits.numel())};
}

// What drawing and searching share.
class RecordedRun : public AnswerRun {
 public:
  RecordedRun(const AnswerMaking& making, const std::vector<text::TokenId>& prompt, const GenerationOptions& options,
              const VisionLanguageModel::OnToken& onToken)
      : tokenizer_(making.tokenizer),
        rules_(making.rules),
        options_(options),
        onToken_(onToken),
        prompt_(prompt),
        limit_(std::min<std::int64_t>(options.maxNewTokens,
                                      making.network.traits().maxPositions - static_cast<std::int64_t>(prompt.size()))),
        recorder_(tokenizer_, rules_, options_, onToken_) {
    count(0);
  }

  Reply finish() override { return recorder_.finish(reason_.value_or(StopReason::Cancelled)); }

 protected:
  void count(std::size_t answered) {
    recorder_.setUsage(
        {.promptTokens = static_cast<std::int64_t>(prompt_.size()), .completionTokens = static_cast<std::int64_t>(answered)});
  }
  bool ends(text::TokenId id) const { return rules_.endTokens.contains(id); }
  bool repeats(std::span<const text::TokenId> answer) {
    if (!options_.repetitionGuard) return false;
    const std::optional<Repetition> repetition = endlessRepetition(answer);
    if (repetition) recorder_.setRepeated(answer.last(repetition->period));
    return repetition.has_value();
  }

  const text::Tokenizer& tokenizer_;
  const AnswerRules& rules_;
  const GenerationOptions options_;
  const VisionLanguageModel::OnToken& onToken_;
  const std::vector<text::TokenId> prompt_;
  const std::int64_t limit_;  // longest answer
  AnswerRecorder recorder_;
  std::optional<StopReason> reason_;
};

class DrawnAnswer final : public RecordedRun {
 public:
  DrawnAnswer(const AnswerMaking& making, const Decoding& decoding, CachedSequence& sequence,
              const std::vector<text::TokenId>& prompt, const GenerationOptions& options,
              const VisionLanguageModel::OnToken& onToken)
      : RecordedRun(making, prompt, options, onToken), sampler_(decoding), seen_(prompt), waiting_{&sequence} {}

  const std::vector<CachedSequence*>& waiting() const override { return waiting_; }

  void take(std::vector<at::Tensor> logits) override {
    const std::span<const float> values = valuesOf(logits.front());
    const text::TokenId id = sampler_.choose(values, seen_);
    seen_.push_back(id);
    reason_ = reasonAfter(id, values);
    if (reason_)
      waiting_.clear();
    else
      waiting_.front()->push(id);
  }

 private:
  std::optional<StopReason> reasonAfter(text::TokenId id, std::span<const float> values) {
    const std::span<const text::TokenId> answer = std::span(seen_).subspan(prompt_.size());
    count(answer.size());
    if (ends(id)) return StopReason::EndOfAnswer;
    recorder_.take(id, recorder_.describe(id, values));
    if (recorder_.stopped()) return StopReason::EndOfAnswer;
    if (repeats(answer)) return StopReason::Repetition;
    if (static_cast<std::int64_t>(answer.size()) >= limit_) return StopReason::Length;
    return std::nullopt;
  }

  Sampler sampler_;
  std::vector<text::TokenId> seen_;  // prompt and answer
  std::vector<CachedSequence*> waiting_;
};

class SearchedAnswer final : public RecordedRun {
 public:
  SearchedAnswer(const AnswerMaking& making, const Decoding& decoding, CachedSequence& sequence,
                 const std::vector<text::TokenId>& prompt, const GenerationOptions& options,
                 const VisionLanguageModel::OnToken& onToken)
      : RecordedRun(making, prompt, options, onToken), beams_(making.network, sequence, prompt, request(decoding)) {}

  const std::vector<CachedSequence*>& waiting() const override { return beams_.waiting(); }

  void take(std::vector<at::Tensor> logits) override {
    beams_.take(std::move(logits));
    if (!beams_.search().done()) return;
    const Hypothesis& best = beams_.search().finished().front();
    giveUpTo(best, best.ids.size());
    count(best.ids.size());
    reason_ = best.ended ? StopReason::EndOfAnswer : repeats(best.ids) ? StopReason::Repetition : StopReason::Length;
  }

 private:
  BeamRequest request(const Decoding& decoding) {
    return {.rules = {.beams = decoding.beams,
                      .lengthPenalty = decoding.lengthPenalty,
                      .earlyStopping = decoding.earlyStopping,
                      .maxTokens = limit_,
                      .endTokens = rules_.endTokens.size()},
            .scoreRules = ScoreRules(decoding),
            .ends = [this](std::span<const text::TokenId> ids,
                           text::TokenId next) { return ends(next) || recorder_.text().stopsAt(ids, next); },
            .describe = [this](text::TokenId id, std::span<const float> values) { return recorder_.describe(id, values); },
            .enough = [this](const BeamSearch& state) { return enough(state); }};
  }

  bool enough(const BeamSearch& state) {
    const Hypothesis& leader = state.open().front();
    count(leader.ids.size());
    giveUpTo(leader, settledTokens(state));
    return options_.repetitionGuard && endlessRepetition(leader.ids).has_value();
  }

  // What all beams begin with is handed on while they grow.
  void giveUpTo(const Hypothesis& hypothesis, std::size_t count) {
    for (; given_ < count && !recorder_.stopped() && !ends(hypothesis.ids[given_]); ++given_)
      recorder_.take(hypothesis.ids[given_], hypothesis.tokens[given_]);
  }

  std::size_t given_ = 0;
  BeamAnswer beams_;
};

}  // namespace

void checkPromptFits(const model::Network& network, std::int64_t promptTokens) {
  const std::int64_t limit = network.traits().maxPositions;
  if (promptTokens < limit) return;
  throw Error(ErrorCode::InvalidInput,
              "the conversation with its images takes " + std::to_string(promptTokens) + " tokens, the model sees at most " +
                  std::to_string(limit) + " with its answer",
              "start a new conversation, or send fewer or smaller images");
}

std::unique_ptr<AnswerRun> beginAnswer(const AnswerMaking& making, CachedSequence& sequence, SequenceInput prompt,
                                       const GenerationOptions& options, const VisionLanguageModel::OnToken& onToken) {
  const Decoding decoding = decodingOf(options, making.defaults);
  checkPromptFits(making.network, static_cast<std::int64_t>(prompt.ids.size()));
  const std::vector<text::TokenId> ids = prompt.ids;
  sequence.begin(std::move(prompt));
  if (decoding.beams > 1) return std::make_unique<SearchedAnswer>(making, decoding, sequence, ids, options, onToken);
  return std::make_unique<DrawnAnswer>(making, decoding, sequence, ids, options, onToken);
}

bool runTogether(std::span<AnswerRun* const> runs, const CancelToken& cancel, std::size_t maxRows) {
  try {
    while (true) {
      std::vector<CachedSequence*> sequences;
      for (const AnswerRun* run : runs) sequences.insert(sequences.end(), run->waiting().begin(), run->waiting().end());
      if (sequences.empty()) return true;
      cancel.throwIfCancelled();
      std::vector<at::Tensor> logits;
      for (std::size_t begin = 0; begin < sequences.size(); begin += maxRows) {
        const std::size_t count = std::min(maxRows, sequences.size() - begin);
        for (at::Tensor& one : computeTogether(std::span(sequences).subspan(begin, count), cancel))
          logits.push_back(std::move(one));
      }
      auto next = logits.begin();
      for (AnswerRun* run : runs) {
        const auto end = next + static_cast<std::ptrdiff_t>(run->waiting().size());
        if (next != end) run->take({next, end});
        next = end;
      }
    }
  } catch (const Error& error) {
    if (error.code() != ErrorCode::Cancelled) throw;
    return false;
  }
}

}  // namespace orthoscribe::engine
