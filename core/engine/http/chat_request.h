// SPDX-License-Identifier: GPL-2.0-or-later
// From the JSON of a chat completion request to what the model is asked. JSON goes no further than this.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/vision_language_model.h"

namespace orthoscribe::engine::http {

struct ChatLimits {
  std::int64_t maxImagePixels = 50'000'000;  // of all images of a request together
  int maxImages = 16;
};

struct ChatRequest {
  std::string model;  // as asked for; empty if the request does not say
  std::vector<Message> messages;
  GenerationOptions options;
  bool stream = false;
  bool includeUsage = false;  // a last chunk with the usage
};

// Fields as in OpenAI's reference of chat completions; top_k, min_p and repetition_penalty as vLLM and SGLang name them; under
// "orthoscribe" num_beams, length_penalty, early_stopping (true, false, "never") and no_repeat_ngram_size as transformers names
// them, repetition_guard (default true), adapter (a name, null: as the model was opened), routing (true: tell which experts
// were used) and aspects (true: the last message is a wish for a caption, which is made aspect by aspect, or a question for the
// expert whom it concerns). Temperature 0 is the default, since detections should be the same twice; what else is not said is the
// model's own. What would change the answer and is not offered (several choices, tools, JSON schemas, penalties, logit bias,
// audio) is refused; unknown fields are ignored, as other servers do. Throws Error{InvalidInput, Unsupported}, a FieldError where
// one field is to blame.
ChatRequest parseChatRequest(std::string_view body, const ChatLimits& limits);

}  // namespace orthoscribe::engine::http
