// SPDX-License-Identifier: GPL-2.0-or-later
// Errors as OpenAI's clients expect them: a status and {"error":{"message","type","param","code"}}.
#pragma once

#include <httplib.h>

#include <string>

#include "core/base/error.h"

namespace orthoscribe::engine::http {

struct ErrorAnswer {
  int status = 500;
  std::string code;     // "invalid_input", "queue_full", ...
  std::string message;  // what is wrong, where, and what to do
  std::string field;    // the field to blame; may be empty
};

// Status by the error's code; the field of a FieldError.
ErrorAnswer answerFor(const Error& error);

// The body, also used inside event streams.
std::string errorJson(const ErrorAnswer& answer);

// Fills status and body, and Retry-After with status 503.
void setError(httplib::Response& response, const ErrorAnswer& answer);

}  // namespace orthoscribe::engine::http
