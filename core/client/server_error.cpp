// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/client/server_error.h"

#include <nlohmann/json.hpp>

#include "core/base/text_encoding.h"

namespace orthoscribe::client {
namespace {

using nlohmann::json;

constexpr std::size_t kMostWords = 500;

// {"error":{"message"}} of OpenAI, {"error":"..."}, {"message"} and {"detail"} of older vLLM and of FastAPI; else the text
// itself.
std::string wordsIn(std::string_view body) {
  const json document = json::parse(body, nullptr, false);
  if (document.is_object()) {
    const json& holder = document.contains("error") ? document["error"] : document;
    if (holder.is_string()) return holder.get<std::string>();
    for (const char* name : {"message", "detail"}) {
      if (holder.is_object() && holder.contains(name)) {
        return holder[name].is_string() ? holder[name].get<std::string>()
                                        : holder[name].dump(-1, ' ', false, json::error_handler_t::replace);
      }
    }
  }
  return std::string(body);
}

std::string shortened(const std::string& words) {
  std::string text = repairUtf8(words.substr(0, kMostWords));
  for (char& character : text) {
    if (static_cast<unsigned char>(character) < 0x20) character = ' ';
  }
  return words.size() > kMostWords ? text + "..." : text;
}

ErrorCode codeFor(int status) {
  switch (status) {
    case 404:
      return ErrorCode::NotFound;
    case 0:
    case 408:
    case 429:
    case 502:
    case 503:
    case 504:
      return ErrorCode::Unavailable;
    default:
      return status >= 500 ? ErrorCode::Internal : ErrorCode::InvalidInput;
  }
}

std::string hintFor(int status) {
  switch (status) {
    case 401:
    case 403:
      return "check the token";
    case 404:
      return "check the URL and the model's name";
    case 413:
      return "send fewer or smaller images";
    case 429:
    case 503:
      return "try again a little later";
    default:
      return "";
  }
}

}  // namespace

Error errorFromServer(int status, std::string_view body, const std::string& server) {
  const std::string words = shortened(wordsIn(body));
  const std::string head = status == 0 ? server + " broke off" : server + " answered with status " + std::to_string(status);
  const std::string hint = hintFor(status);
  const bool alreadySaid = !hint.empty() && words.find(hint) != std::string::npos;
  return {codeFor(status), words.empty() ? head : head + ": " + words, alreadySaid ? std::string() : hint};
}

Error protocolError(const std::string& server, const std::string& what) {
  return {ErrorCode::Unavailable, server + " does not answer as a chat completions server: " + shortened(what),
          "check that the URL is of a server that speaks OpenAI's chat completions"};
}

}  // namespace orthoscribe::client
