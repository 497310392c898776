// SPDX-License-Identifier: GPL-2.0-or-later
// Holds an answer back while it may yet turn out to be a function call.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/vision_language_model.h"
#include "core/tasks/dialects/grammar.h"

namespace orthoscribe::tasks {

class AnswerGate {
 public:
  // onToken may be empty; it must outlive this object.
  explicit AnswerGate(const VisionLanguageModel::OnToken& onToken) : onToken_(onToken) {}

  // Calls begin with a tag, a brace or a fence; words of an answer do not. One that follows words is held from its tag on.
  void take(const GeneratedToken& token) {
    text_ += token.text;
    const std::string_view begun = trimmed(text_);
    const bool words = !begun.empty() && std::string_view("<{`").find(begun.front()) == std::string_view::npos;
    held_.push_back(token);
    if (words && text_.find("<tool_call") == std::string::npos) open();
  }

  // Gives what was held: it is an answer after all.
  void open() {
    for (const GeneratedToken& token : std::exchange(held_, {})) {
      if (onToken_) onToken_(token);
    }
  }

 private:
  const VisionLanguageModel::OnToken& onToken_;
  std::string text_;
  std::vector<GeneratedToken> held_;
};

}  // namespace orthoscribe::tasks
