// SPDX-License-Identifier: GPL-2.0-or-later
// From messages with images to the body of a chat completion request.
#pragma once

#include <string>
#include <vector>

#include "core/base/vision_language_model.h"

namespace orthoscribe::client {

// A JSON text that asks for a stream with usage. Images become PNG data URLs: before the text, or where it says "<image>".
// What is at its default and not in OpenAI's interface (top_k, min_p, repetition_penalty, beams) is left out, so that strict
// servers take it.
// Throws Error{InvalidInput} when a text has "<image>" more or less often than its message has images.
std::string chatBody(const std::string& model, const std::vector<Message>& messages, const GenerationOptions& options);

}  // namespace orthoscribe::client
