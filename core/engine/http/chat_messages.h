// SPDX-License-Identifier: GPL-2.0-or-later
// The messages of a chat completion request: roles, text, and images that come inside the request.
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "core/base/vision_language_model.h"
#include "core/engine/http/chat_request.h"

namespace orthoscribe::engine::http {

// messages: a JSON array. Text parts that follow each other are joined with a line break. Images that all come before the text
// are left for the model to place; otherwise, and where the text begins with white space of its own, their places are marked with
// "<image>". Throws FieldError. Nothing is fetched: an image is a base64 data URL.
std::vector<Message> parseMessages(const nlohmann::json& messages, const ChatLimits& limits);

}  // namespace orthoscribe::engine::http
