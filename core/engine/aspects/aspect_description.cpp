// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/aspects/aspect_description.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/base/error.h"
#include "core/engine/aspects/aspect_fusion.h"
#include "core/engine/aspects/aspect_instructions.h"
#include "core/engine/aspects/aspect_text.h"
#include "core/engine/aspects/question_aspects.h"

namespace orthoscribe::engine {
namespace {

constexpr double kLeastRelevance = 0.2;

std::string withoutMarkers(std::string text) {
  constexpr std::string_view kMarker = "<image>";
  for (std::size_t at = text.find(kMarker); at != std::string::npos; at = text.find(kMarker, at)) text.erase(at, kMarker.size());
  return trimmedText(text);
}

double meanLogProbability(const std::vector<GeneratedToken>& tokens) {
  if (tokens.empty()) return AspectPart().meanLogProbability;
  double sum = 0.0;
  for (const GeneratedToken& token : tokens) sum += token.logProbability;
  return sum / static_cast<double>(tokens.size());
}

class Description {
 public:
  Description(const AspectSet& set, const std::vector<Message>& messages, const GenerationOptions& options,
              const AspectWriter& writer)
      : set_(set), messages_(messages), options_(options), writer_(writer), wish_(withoutMarkers(messages.back().text)) {}

  Reply make() {
    report_.router = nameOf(set_.routerMode);
    report_.fusion = nameOf(set_.fusionMode);
    for (std::size_t i = 0; i < set_.aspects.size(); ++i)
      report_.parts.push_back({.name = set_.aspects[i].name,
                               .instruction = templateInstruction(set_.aspects[i], wish_),
                               .text = {},
                               .ownExpert = set_.numberOf(i) >= 0});
    if (isQuestion(wish_)) return answer();
    judge();
    if (goesOn() && set_.routerMode == RouterMode::Generate) route();
    if (goesOn()) writeParts();
    fuse();
    reply_.aspects = std::move(report_);
    return std::move(reply_);
  }

 private:
  // A question is put to those whom it concerns; who is surest has answered.
  Reply answer() {
    report_.router = nameOf(RouterMode::Template);
    report_.fusion = nameOf(FusionMode::Best);
    for (AspectPart& part : report_.parts) {
      part.skipped = true;
      part.instruction = shortAnswerPrompt(wish_);
    }
    for (const std::size_t i : aspectsAsked(wish_, set_)) report_.parts[i].skipped = false;
    writeParts();
    if (const std::optional<std::size_t> best = surestPart(report_.parts)) reply_.text = report_.parts[*best].text;
    reply_.aspects = std::move(report_);
    return std::move(reply_);
  }

  bool goesOn() const { return reply_.stopReason != StopReason::Cancelled; }

  void judge() {
    if (!writer_.judge) return;
    const std::vector<double> relevance = writer_.judge(messages_);
    if (relevance.size() != report_.parts.size()) return;
    const auto most = std::ranges::max_element(relevance) - relevance.begin();
    for (std::size_t i = 0; i < relevance.size(); ++i) {
      report_.parts[i].relevance = relevance[i];
      report_.parts[i].skipped = relevance[i] < kLeastRelevance && static_cast<std::ptrdiff_t>(i) != most;
    }
  }

  // The conversation with other words at its end.
  AspectRow row(std::string text, std::int64_t expert, int maxNewTokens) const {
    AspectRow row{.messages = messages_, .expert = expert, .options = options_};
    row.messages.back().text = std::move(text);
    row.options.maxNewTokens = std::min(maxNewTokens, options_.maxNewTokens);
    row.options.logProbabilities = true;
    row.options.aspects = false;
    return row;
  }

  AspectRow rowOf(std::size_t aspect) const {
    const bool asks = isQuestion(wish_);
    AspectRow row = this->row(report_.parts[aspect].instruction, set_.numberOf(aspect),
                              asks ? kShortAnswerTokens : set_.aspects[aspect].maxNewTokens);
    if (!asks || row.options.temperature > 0) return row;
    if (!row.options.beams) row.options.beams = kShortAnswerBeams;
    if (!row.options.lengthPenalty) row.options.lengthPenalty = 0;
    return row;
  }

  std::vector<Reply> write(std::vector<AspectRow> rows) {
    std::vector<Reply> replies = writer_.write(std::move(rows));
    for (const Reply& reply : replies) {
      reply_.usage.promptTokens += reply.usage.promptTokens;
      reply_.usage.completionTokens += reply.usage.completionTokens;
      if (reply.stopReason == StopReason::Cancelled) reply_.stopReason = StopReason::Cancelled;
    }
    return replies;
  }

  std::vector<std::size_t> asked() const {
    std::vector<std::size_t> numbers;
    for (std::size_t i = 0; i < report_.parts.size(); ++i)
      if (!report_.parts[i].skipped) numbers.push_back(i);
    return numbers;
  }

  void route() {
    std::vector<AspectRow> rows;
    for (const std::size_t i : asked()) {
      rows.push_back(row(routerPrompt(set_.aspects[i], wish_), set_.routerNumber(), kRouterTokens));
      rows.back().options.stop.emplace_back("\n");
      rows.back().question = wish_;
    }
    const std::vector<Reply> replies = write(std::move(rows));
    if (!goesOn()) return;
    std::size_t next = 0;
    for (const std::size_t i : asked()) {
      const std::optional<std::string> written = writtenInstruction(replies[next++].text);
      if (written) report_.parts[i].instruction = *written;
    }
  }

  void writeParts() {
    std::vector<AspectRow> rows;
    for (const std::size_t i : asked()) rows.push_back(rowOf(i));
    std::vector<Reply> replies = write(std::move(rows));
    std::size_t next = 0;
    for (const std::size_t i : asked()) {
      Reply& reply = replies[next++];
      report_.parts[i].text = trimmedText(reply.text);
      report_.parts[i].meanLogProbability = meanLogProbability(reply.tokens);
      if (reply.stopReason != StopReason::Repetition || !goesOn()) continue;
      reply_.stopReason = reply.stopReason;
      reply_.repeated = std::move(reply.repeated);
    }
  }

  void fuse() {
    if (set_.fusionMode == FusionMode::Best) {
      const std::optional<std::size_t> best = surestPart(report_.parts);
      reply_.text = best ? report_.parts[*best].text : "";
    } else {
      reply_.text = joinedParts(report_.parts);
    }
    if (set_.fusionMode == FusionMode::Generate && goesOn()) generate();
  }

  void generate() {
    AspectRow fusion = row(fusionPrompt(wish_, report_.parts), set_.fusionNumber(), kFusionTokens);
    fusion.question = wish_;
    const std::vector<Reply> replies = write({std::move(fusion)});
    std::string caption = trimmedText(replies.front().text);
    const bool unusable = caption.empty() || replies.front().stopReason == StopReason::Repetition || !goesOn();
    report_.fusionFallback = unusable || inventsNumbers(caption, report_.parts);
    if (!report_.fusionFallback) reply_.text = std::move(caption);
  }

  const AspectSet& set_;
  const std::vector<Message>& messages_;
  const GenerationOptions& options_;
  const AspectWriter& writer_;
  std::string wish_;
  AspectReport report_;
  Reply reply_;
};

// The caption as a token: its parts' probabilities are told with them.
void handOn(Reply& reply, const GenerationOptions& options, const VisionLanguageModel::OnToken& onToken) {
  if (reply.text.empty()) return;
  double sum = 0.0;
  int count = 0;
  for (const AspectPart& part : reply.aspects->parts) {
    if (part.text.empty()) continue;
    sum += part.meanLogProbability;
    ++count;
  }
  GeneratedToken token{
      .text = reply.text, .logProbability = count > 0 ? sum / count : AspectPart().meanLogProbability, .alternatives = {}};
  if (onToken) onToken(token);
  if (options.logProbabilities) reply.tokens.push_back(std::move(token));
}

}  // namespace

Reply describeByAspects(const AspectSet& set, const std::vector<Message>& messages, const GenerationOptions& options,
                        const AspectWriter& writer, const VisionLanguageModel::OnToken& onToken) {
  if (messages.empty()) throw Error(ErrorCode::InvalidInput, "the conversation has no message", "ask something");
  Reply reply = Description(set, messages, options, writer).make();
  handOn(reply, options, onToken);
  return reply;
}

}  // namespace orthoscribe::engine
