// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/tasks/growing_answer.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace orthoscribe::tasks {

GrowingAnswer::GrowingAnswer(const Dialect& dialect, const PictureFrame& frame, std::vector<std::string> classes)
    : dialect_(dialect), frame_(frame), classes_(std::move(classes)) {}

std::size_t GrowingAnswer::add(std::string_view text) {
  text_ += text;
  // No grammar finishes an object with anything else.
  if (text.find_first_of("\n]})>") == std::string_view::npos) return boxesSoFar_;
  const ParsedAnswer rest = dialect_.parse(std::string_view(text_).substr(consumed_), frame_, classes_, false);
  boxesSoFar_ = boxesConsumed_ + rest.boxes.size();
  boxesConsumed_ += static_cast<std::size_t>(
      std::count_if(rest.boxes.begin(), rest.boxes.end(), [&](const SpokenBox& box) { return box.textBegin < rest.consumed; }));
  consumed_ += rest.consumed;
  return boxesSoFar_;
}

std::optional<double> meanProbability(const std::vector<GeneratedToken>& tokens, std::size_t begin, std::size_t end) {
  const TextSpan whole{begin, end};
  return meanProbability(tokens, std::span(&whole, 1));
}

std::optional<double> meanProbability(const std::vector<GeneratedToken>& tokens, std::span<const TextSpan> spans) {
  double sum = 0.0;
  int count = 0;
  std::size_t at = 0;
  for (const GeneratedToken& token : tokens) {
    const std::size_t next = at + token.text.size();
    if (std::ranges::any_of(spans, [&](const TextSpan& span) { return at < span.end && next > span.begin; })) {
      sum += std::isnan(token.logProbability) ? token.logProbability : std::exp(std::min(0.0, token.logProbability));
      ++count;
    }
    at = next;
  }
  if (count == 0 || !std::isfinite(sum)) return std::nullopt;
  return sum / count;
}

std::optional<double> scoreOf(const SpokenBox& box, const std::vector<GeneratedToken>& tokens) {
  return box.said.empty() ? meanProbability(tokens, box.textBegin, box.textEnd) : meanProbability(tokens, box.said);
}

}  // namespace orthoscribe::tasks
