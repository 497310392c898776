// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/http/error_answer.h"

#include <nlohmann/json.hpp>

#include "core/engine/http/field_error.h"

namespace orthoscribe::engine::http {
namespace {

int statusFor(ErrorCode code) {
  switch (code) {
    case ErrorCode::InvalidInput:
    case ErrorCode::Unsupported:
      return 400;
    case ErrorCode::NotFound:
      return 404;
    case ErrorCode::Unavailable:
    case ErrorCode::Cancelled:
      return 503;
    case ErrorCode::Io:
    case ErrorCode::Internal:
      return 500;
  }
  return 500;
}

}  // namespace

ErrorAnswer answerFor(const Error& error) {
  ErrorAnswer answer{
      .status = statusFor(error.code()), .code = std::string(errorCodeName(error.code())), .message = error.what(), .field = {}};
  if (const auto* fieldError = dynamic_cast<const FieldError*>(&error)) answer.field = fieldError->field();
  return answer;
}

std::string errorJson(const ErrorAnswer& answer) {
  using nlohmann::json;
  const json field = answer.field.empty() ? json() : json(answer.field);
  const json error = {{"message", answer.message},
                      {"type", answer.status < 500 ? "invalid_request_error" : "server_error"},
                      {"param", field},
                      {"code", answer.code}};
  // A message may quote bytes of the request that are not UTF-8.
  return json{{"error", error}}.dump(-1, ' ', false, json::error_handler_t::replace);
}

void setError(httplib::Response& response, const ErrorAnswer& answer) {
  response.status = answer.status;
  if (answer.status == 503 && !response.has_header("Retry-After")) response.set_header("Retry-After", "1");
  response.set_content(errorJson(answer), "application/json");
}

}  // namespace orthoscribe::engine::http
