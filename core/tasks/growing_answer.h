// SPDX-License-Identifier: GPL-2.0-or-later
// One answer of a model about one picture: read while it grows, and scored by the probabilities of its tokens.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/vision_language_model.h"
#include "core/tasks/dialect.h"

namespace orthoscribe::tasks {

class GrowingAnswer {
 public:
  // The dialect must outlive this object.
  GrowingAnswer(const Dialect& dialect, const PictureFrame& frame, std::vector<std::string> classes);

  // Takes what the model just said; returns how many whole objects the answer holds by now.
  std::size_t add(std::string_view text);

  // Those objects, for when the model fails before its answer is whole.
  ParsedAnswer finished() const { return dialect_.parse(text_, frame_, classes_, false); }

 private:
  const Dialect& dialect_;
  PictureFrame frame_;
  std::vector<std::string> classes_;
  std::string text_;
  std::size_t consumed_ = 0;       // nothing before it is looked at again while the answer grows
  std::size_t boxesConsumed_ = 0;  // objects that begin before it
  std::size_t boxesSoFar_ = 0;
};

// Mean probability of the tokens that spell bytes begin..end of the answer; nothing without tokens there, or when the probability
// of one of them is not known.
std::optional<double> meanProbability(const std::vector<GeneratedToken>& tokens, std::size_t begin, std::size_t end);
// The same over all tokens that spell a part of one of the spans, each counted once.
std::optional<double> meanProbability(const std::vector<GeneratedToken>& tokens, std::span<const TextSpan> spans);

// An object's score: that of the tokens that spell its name and its numbers. What grammar alone decides (braces, keys, tags) says
// nothing of how sure the model is.
std::optional<double> scoreOf(const SpokenBox& box, const std::vector<GeneratedToken>& tokens);

}  // namespace orthoscribe::tasks
