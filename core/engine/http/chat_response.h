// SPDX-License-Identifier: GPL-2.0-or-later
// From what the model says to the JSON of a chat completion, whole or in chunks.
#pragma once

#include <cstdint>
#include <string>

#include "core/base/vision_language_model.h"

namespace orthoscribe::engine::http {

// What the parts of one answer have in common.
struct AnswerHeader {
  std::string id;             // "chatcmpl-..."
  std::int64_t createdS = 0;  // seconds since 1970
  std::string model;
  bool logProbabilities = false;
  bool includeUsage = false;  // chunks then have "usage", null but in the last one
};

// A fresh id, the current time.
AnswerHeader newAnswer(const std::string& model, bool logProbabilities, bool includeUsage);

// Each is one JSON text. Bytes that are not UTF-8 become U+FFFD.
std::string wholeAnswer(const AnswerHeader& header, const Reply& reply);
std::string roleChunk(const AnswerHeader& header);
std::string tokenChunk(const AnswerHeader& header, const GeneratedToken& token);
// An answer that was ended because it repeated itself has finish_reason "length", since it is not complete, and tells more under
// "orthoscribe": {"stop_reason": "repetition", "repeated": what came over and over}. A description by aspects has its parts there
// under "aspects" (core/base/aspect_json.h).
std::string finishChunk(const AnswerHeader& header, const Reply& reply);
// With what the routers did, before any usage; only for replies that have it.
std::string routingChunk(const AnswerHeader& header, const RoutingStatistics& routing);
std::string usageChunk(const AnswerHeader& header, const Usage& usage);

}  // namespace orthoscribe::engine::http
