// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/http/admission.h"

#include <strings.h>

#include <string_view>
#include <utility>

#include "core/engine/http/constant_time.h"
#include "core/engine/http/error_answer.h"

namespace orthoscribe::engine::http {
namespace {

constexpr std::string_view kHealth = "/health";

// The method a path is for; empty for a path that does not exist. HEAD goes wherever GET does.
std::string_view methodOf(std::string_view path) {
  constexpr std::string_view kModel = "/v1/models/";
  if (path == "/v1/chat/completions") return "POST";
  if (path == kHealth || path == "/metrics" || path == "/v1/models") return "GET";
  const bool oneModel = path.starts_with(kModel) && path.size() > kModel.size();
  return oneModel && path.find('/', kModel.size()) == path.npos ? "GET" : "";
}

bool refuse(httplib::Response& response, const ErrorAnswer& answer) {
  // The body, if there is one, stays unread.
  response.set_header("Connection", "close");
  setError(response, answer);
  return false;
}

}  // namespace

Admission::Admission(std::string token, std::size_t maxBodyBytes) : token_(std::move(token)), maxBodyBytes_(maxBodyBytes) {}

bool Admission::holdsToken(const httplib::Request& request) const {
  constexpr std::string_view kScheme = "Bearer ";
  const std::string header = request.get_header_value("Authorization");
  if (header.size() < kScheme.size() || strncasecmp(header.c_str(), kScheme.data(), kScheme.size()) != 0) return false;
  return equalInConstantTime(std::string_view(header).substr(kScheme.size()), token_);
}

bool Admission::admit(const httplib::Request& request, httplib::Response& response) const {
  if (request.path != kHealth && !holdsToken(request)) {
    response.set_header("WWW-Authenticate", "Bearer");
    return refuse(response, {.status = 401,
                             .code = "invalid_api_key",
                             .message = "the bearer token is missing or wrong (send the token that the engine was started with "
                                        "as Authorization: Bearer TOKEN)",
                             .field = {}});
  }
  const std::string_view method = methodOf(request.path);
  if (method.empty()) {
    return refuse(response,
                  {.status = 404,
                   .code = "not_found",
                   .message = "there is no " + request.path + " (ask for /v1/chat/completions, /v1/models, /health or /metrics)",
                   .field = {}});
  }
  if (request.method != method && !(request.method == "HEAD" && method == "GET")) {
    response.set_header("Allow", std::string(method));
    return refuse(response, {.status = 405,
                             .code = "method_not_allowed",
                             .message = request.path + " does not take " + request.method + " (use " + std::string(method) + ")",
                             .field = {}});
  }
  const bool chunked = request.has_header("Transfer-Encoding");
  if (method == "POST" && chunked == request.has_header("Content-Length")) {
    return refuse(response, {.status = 411,
                             .code = "length_required",
                             .message = "the request must have either Content-Length or Transfer-Encoding: chunked",
                             .field = {}});
  }
  if (request.get_header_value_u64("Content-Length") > maxBodyBytes_) {
    return refuse(response, {.status = 413,
                             .code = "body_too_large",
                             .message = "the body is larger than " + std::to_string(maxBodyBytes_) +
                                        " bytes (send fewer or smaller images)",
                             .field = {}});
  }
  return true;
}

}  // namespace orthoscribe::engine::http
