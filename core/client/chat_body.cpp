// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/client/chat_body.h"

#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "core/base/error.h"
#include "core/base/image_codec.h"

namespace orthoscribe::client {
namespace {

using nlohmann::json;

constexpr std::string_view kImageMarker = "<image>";

const char* roleName(Role role) {
  switch (role) {
    case Role::System:
      return "system";
    case Role::User:
      return "user";
    case Role::Assistant:
      return "assistant";
  }
  return "user";
}

json textPart(std::string_view text) {
  return {{"type", "text"}, {"text", text}};
}

json imagePart(const RgbImage& image) {
  return {{"type", "image_url"}, {"image_url", {{"url", pngDataUrl(image)}}}};
}

std::size_t markersIn(std::string_view text) {
  std::size_t count = 0;
  for (auto at = text.find(kImageMarker); at != text.npos; at = text.find(kImageMarker, at + kImageMarker.size())) ++count;
  return count;
}

json partsAtMarkers(const Message& message) {
  json parts = json::array();
  std::string_view rest = message.text;
  for (const RgbImage& image : message.images) {
    const std::size_t at = rest.find(kImageMarker);
    if (at > 0) parts.push_back(textPart(rest.substr(0, at)));
    parts.push_back(imagePart(image));
    rest.remove_prefix(at + kImageMarker.size());
  }
  if (!rest.empty()) parts.push_back(textPart(rest));
  return parts;
}

json contentOf(const Message& message) {
  if (message.images.empty()) return message.text;
  const std::size_t markers = markersIn(message.text);
  if (markers == message.images.size()) return partsAtMarkers(message);
  if (markers != 0) {
    throw Error(ErrorCode::InvalidInput,
                "a message says <image> " + std::to_string(markers) + " times, but has " + std::to_string(message.images.size()) +
                    " images",
                "say it once for each image, or not at all");
  }
  json parts = json::array();
  for (const RgbImage& image : message.images) parts.push_back(imagePart(image));
  if (!message.text.empty()) parts.push_back(textPart(message.text));
  return parts;
}

json earlyStopping(EarlyStopping stopping) {
  if (stopping == EarlyStopping::Never) return "never";
  return stopping == EarlyStopping::Yes;
}

// What only our own server knows.
json ownOptions(const GenerationOptions& options) {
  json own = json::object();
  if (options.beams) own["num_beams"] = *options.beams;
  if (options.lengthPenalty) own["length_penalty"] = *options.lengthPenalty;
  if (options.earlyStopping) own["early_stopping"] = earlyStopping(*options.earlyStopping);
  if (options.noRepeatNgram) own["no_repeat_ngram_size"] = *options.noRepeatNgram;
  if (!options.repetitionGuard) own["repetition_guard"] = false;
  if (!options.adapter.empty()) own["adapter"] = options.adapter;
  if (options.routing) own["routing"] = true;
  if (options.aspects) own["aspects"] = true;
  return own;
}

}  // namespace

std::string chatBody(const std::string& model, const std::vector<Message>& messages, const GenerationOptions& options) {
  json body = {{"model", model},
               {"messages", json::array()},
               {"max_tokens", options.maxNewTokens},
               {"temperature", options.temperature},
               {"top_p", options.topP},
               {"stream", true},
               {"stream_options", {{"include_usage", true}}}};
  for (const Message& message : messages) {
    body["messages"].push_back({{"role", roleName(message.role)}, {"content", contentOf(message)}});
  }
  // As signed, since JSON readers elsewhere know nothing above 2^63.
  if (options.temperature > 0.0 && options.seed) body["seed"] = static_cast<std::int64_t>(*options.seed);
  if (options.topK > 0) body["top_k"] = options.topK;
  if (options.minP > 0.0) body["min_p"] = options.minP;
  if (options.repetitionPenalty) body["repetition_penalty"] = *options.repetitionPenalty;
  if (!options.stop.empty()) body["stop"] = options.stop;
  if (options.logProbabilities) {
    body["logprobs"] = true;
    body["top_logprobs"] = options.topLogProbabilities;
  }
  if (json own = ownOptions(options); !own.empty()) body["orthoscribe"] = std::move(own);
  return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace orthoscribe::client
