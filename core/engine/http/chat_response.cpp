// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/http/chat_response.h"

#include <chrono>
#include <cmath>
#include <format>
#include <nlohmann/json.hpp>
#include <random>
#include <utility>

#include "core/base/aspect_json.h"
#include "core/base/routing_json.h"

namespace orthoscribe::engine::http {
namespace {

using nlohmann::json;

// JSON has no infinity; OpenAI's stand-in for it.
constexpr double kNeverLogProbability = -9999.0;

std::string dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

json tokenJson(const std::string& text, double logProbability) {
  json bytes = json::array();
  for (const char character : text) bytes.push_back(static_cast<unsigned char>(character));
  return {{"token", text},
          {"logprob", std::isfinite(logProbability) ? logProbability : kNeverLogProbability},
          {"bytes", std::move(bytes)}};
}

json logProbabilityJson(const GeneratedToken& token) {
  json value = tokenJson(token.text, token.logProbability);
  value["top_logprobs"] = json::array();
  for (const TokenAlternative& alternative : token.alternatives) {
    value["top_logprobs"].push_back(tokenJson(alternative.text, alternative.logProbability));
  }
  return value;
}

json usageJson(const Usage& usage) {
  return {{"prompt_tokens", usage.promptTokens},
          {"completion_tokens", usage.completionTokens},
          {"total_tokens", usage.promptTokens + usage.completionTokens}};
}

const char* finishReason(StopReason reason) {
  return reason == StopReason::Length || reason == StopReason::Repetition ? "length" : "stop";
}

void addExtension(json& answer, const Reply& reply) {
  if (reply.aspects) answer["orthoscribe"]["aspects"] = aspectJson(*reply.aspects);
  if (reply.stopReason != StopReason::Repetition) return;
  answer["orthoscribe"]["stop_reason"] = "repetition";
  answer["orthoscribe"]["repeated"] = reply.repeated;
}

json frame(const AnswerHeader& header, const char* object) {
  return {{"id", header.id}, {"object", object}, {"created", header.createdS}, {"model", header.model}};
}

json chunk(const AnswerHeader& header, json delta, json logProbabilities, json reason) {
  json value = frame(header, "chat.completion.chunk");
  value["choices"] = json::array({{{"index", 0},
                                   {"delta", std::move(delta)},
                                   {"logprobs", std::move(logProbabilities)},
                                   {"finish_reason", std::move(reason)}}});
  if (header.includeUsage) value["usage"] = nullptr;
  return value;
}

}  // namespace

AnswerHeader newAnswer(const std::string& model, bool logProbabilities, bool includeUsage) {
  std::random_device random;
  const auto sinceEpoch = std::chrono::system_clock::now().time_since_epoch();
  return {.id = std::format("chatcmpl-{:08x}{:08x}{:08x}", random(), random(), random()),
          .createdS = std::chrono::duration_cast<std::chrono::seconds>(sinceEpoch).count(),
          .model = model,
          .logProbabilities = logProbabilities,
          .includeUsage = includeUsage};
}

std::string wholeAnswer(const AnswerHeader& header, const Reply& reply) {
  json logProbabilities;
  if (header.logProbabilities) {
    logProbabilities = {{"content", json::array()}, {"refusal", nullptr}};
    for (const GeneratedToken& token : reply.tokens) logProbabilities["content"].push_back(logProbabilityJson(token));
  }
  json value = frame(header, "chat.completion");
  value["choices"] = json::array({{{"index", 0},
                                   {"message", {{"role", "assistant"}, {"content", reply.text}, {"refusal", nullptr}}},
                                   {"logprobs", std::move(logProbabilities)},
                                   {"finish_reason", finishReason(reply.stopReason)}}});
  value["usage"] = usageJson(reply.usage);
  addExtension(value, reply);
  if (reply.routing) value["orthoscribe"]["routing"] = routingJson(*reply.routing);
  return dump(value);
}

std::string roleChunk(const AnswerHeader& header) {
  return dump(chunk(header, {{"role", "assistant"}, {"content", ""}}, nullptr, nullptr));
}

std::string tokenChunk(const AnswerHeader& header, const GeneratedToken& token) {
  json logProbabilities;
  if (header.logProbabilities) {
    logProbabilities = {{"content", json::array({logProbabilityJson(token)})}, {"refusal", nullptr}};
  }
  return dump(chunk(header, {{"content", token.text}}, std::move(logProbabilities), nullptr));
}

std::string finishChunk(const AnswerHeader& header, const Reply& reply) {
  json value = chunk(header, json::object(), nullptr, finishReason(reply.stopReason));
  addExtension(value, reply);
  return dump(value);
}

std::string routingChunk(const AnswerHeader& header, const RoutingStatistics& routing) {
  json value = frame(header, "chat.completion.chunk");
  value["choices"] = json::array();
  if (header.includeUsage) value["usage"] = nullptr;
  value["orthoscribe"] = {{"routing", routingJson(routing)}};
  return dump(value);
}

std::string usageChunk(const AnswerHeader& header, const Usage& usage) {
  json value = frame(header, "chat.completion.chunk");
  value["choices"] = json::array();
  value["usage"] = usageJson(usage);
  return dump(value);
}

}  // namespace orthoscribe::engine::http
