// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/http/chat_request.h"

#include <algorithm>
#include <format>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/engine/http/bounded_json.h"
#include "core/engine/http/chat_messages.h"
#include "core/engine/http/field_error.h"
#include "core/engine/http/request_fields.h"

namespace orthoscribe::engine::http {
namespace {

constexpr std::size_t kMaxStops = 16;

void refuse(const RequestFields& fields, const char* name, const char* instead) {
  throw FieldError(fields.pathOf(name), "is not offered by this server", instead, ErrorCode::Unsupported);
}

// Values that mean "as if it were not there" are let through, because client libraries send them.
void refuseUnsupported(const RequestFields& fields) {
  if (fields.integer("n", 1, std::numeric_limits<std::int32_t>::max()).value_or(1) != 1) {
    refuse(fields, "n", "ask once for each answer");
  }
  for (const char* name : {"tools", "functions"}) {
    const auto* list = fields.array(name);
    if (list && !list->empty()) refuse(fields, name, "leave it out");
  }
  for (const char* name : {"frequency_penalty", "presence_penalty"}) {
    if (fields.number(name, -2.0, 2.0).value_or(0.0) != 0.0) refuse(fields, name, "use repetition_penalty");
  }
  const auto* bias = fields.find("logit_bias");
  if (bias && !bias->empty()) refuse(fields, "logit_bias", "leave it out");
  if (fields.find("audio")) refuse(fields, "audio", "leave it out");
  if (const auto* modalities = fields.array("modalities")) {
    for (const auto& modality : *modalities) {
      if (modality != "text") refuse(fields, "modalities", "this server answers in text");
    }
  }
  if (const auto* format = fields.find("response_format")) {
    if (RequestFields(*format, "response_format").text("type").value_or("text") != "text") {
      refuse(fields, "response_format", "this server answers in text");
    }
  }
}

std::vector<std::string> stopsOf(const RequestFields& fields) {
  const auto* value = fields.find("stop");
  if (!value) return {};
  if (value->is_string()) return {value->get<std::string>()};
  if (!value->is_array()) throw FieldError(fields.pathOf("stop"), "must be a string or an array of strings");
  if (value->size() > kMaxStops) {
    throw FieldError(fields.pathOf("stop"), "holds more than " + std::to_string(kMaxStops) + " strings");
  }
  std::vector<std::string> stops;
  for (const auto& stop : *value) {
    if (!stop.is_string()) throw FieldError(fields.pathOf("stop"), "must be a string or an array of strings");
    stops.push_back(stop.get<std::string>());
  }
  return stops;
}

std::optional<EarlyStopping> earlyStoppingOf(const RequestFields& fields) {
  const auto* value = fields.find("early_stopping");
  if (!value) return std::nullopt;
  if (value->is_boolean()) return value->get<bool>() ? EarlyStopping::Yes : EarlyStopping::No;
  if (*value != "never") throw FieldError(fields.pathOf("early_stopping"), "must be true, false or \"never\"");
  return EarlyStopping::Never;
}

// What no other server has stands under a key of our own.
void readOwnOptions(const RequestFields& own, GenerationOptions& options) {
  if (const auto beams = own.integer("num_beams", 1, 16)) options.beams = static_cast<int>(*beams);
  options.lengthPenalty = own.number("length_penalty", -10.0, 10.0);
  options.earlyStopping = earlyStoppingOf(own);
  if (const auto size = own.integer("no_repeat_ngram_size", 0, 1000)) options.noRepeatNgram = static_cast<int>(*size);
  options.repetitionGuard = own.boolean("repetition_guard").value_or(options.repetitionGuard);
  if (options.beams.value_or(1) > 1 && options.temperature > 0.0)
    throw FieldError(own.pathOf("num_beams"), std::format("is {}, which needs temperature 0", *options.beams),
                     "leave one of them out");
}

GenerationOptions optionsOf(const RequestFields& fields) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
  GenerationOptions options;
  const auto maxTokens = fields.integer("max_tokens", 1, kMost);
  const auto maxCompletionTokens = fields.integer("max_completion_tokens", 1, kMost);
  if (maxTokens) options.maxNewTokens = static_cast<int>(*maxTokens);
  if (maxCompletionTokens) options.maxNewTokens = static_cast<int>(*maxCompletionTokens);
  options.temperature = fields.number("temperature", 0.0, 2.0).value_or(options.temperature);
  options.topP = fields.number("top_p", 0.0, 1.0).value_or(options.topP);
  if (options.topP == 0.0) throw FieldError(fields.pathOf("top_p"), "is 0, but must be above 0");
  // -1 is how vLLM says "all".
  options.topK = static_cast<int>(std::max<std::int64_t>(0, fields.integer("top_k", -1, kMost).value_or(options.topK)));
  options.minP = fields.number("min_p", 0.0, 1.0).value_or(options.minP);
  options.repetitionPenalty = fields.number("repetition_penalty", 0.01, 100.0);
  if (const auto seed =
          fields.integer("seed", std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()))
    options.seed = static_cast<std::uint64_t>(*seed);
  options.stop = stopsOf(fields);
  options.logProbabilities = fields.boolean("logprobs").value_or(false);
  options.topLogProbabilities = static_cast<int>(fields.integer("top_logprobs", 0, 20).value_or(0));
  if (options.topLogProbabilities > 0 && !options.logProbabilities) {
    throw FieldError(fields.pathOf("top_logprobs"), "needs logprobs", "set logprobs to true");
  }
  if (const auto* own = fields.find("orthoscribe")) readOwnOptions(RequestFields(*own, "orthoscribe"), options);
  return options;
}

void readExtension(const RequestFields& fields, GenerationOptions& options) {
  const auto* extension = fields.find("orthoscribe");
  if (!extension) return;
  const RequestFields own(*extension, "orthoscribe");
  options.adapter = own.text("adapter").value_or("");
  options.routing = own.boolean("routing").value_or(false);
  options.aspects = own.boolean("aspects").value_or(false);
}

}  // namespace

ChatRequest parseChatRequest(std::string_view body, const ChatLimits& limits) {
  const nlohmann::json document = parseBoundedJson(body);
  const RequestFields fields(document, "");
  ChatRequest request;
  request.model = fields.text("model").value_or("");
  refuseUnsupported(fields);
  request.options = optionsOf(fields);
  readExtension(fields, request.options);
  request.stream = fields.boolean("stream").value_or(false);
  if (const auto* streamOptions = fields.find("stream_options")) {
    const RequestFields streamFields(*streamOptions, "stream_options");
    request.includeUsage = streamFields.boolean("include_usage").value_or(false);
    if (!request.stream) throw FieldError("stream_options", "is only for streams", "set stream to true");
  }
  const auto* messages = fields.array("messages");
  if (!messages) throw FieldError("messages", "is missing", "send an array of messages with role and content");
  // Last, because it decodes images.
  request.messages = parseMessages(*messages, limits);
  return request;
}

}  // namespace orthoscribe::engine::http
