// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/client/answer_reader.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/base/aspect_json.h"
#include "core/base/routing_json.h"
#include "core/base/text_encoding.h"
#include "core/client/server_error.h"

namespace orthoscribe::client {
namespace {

using nlohmann::json;

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

// Missing and null are the same.
const json* member(const json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

}  // namespace

AnswerReader::AnswerReader(std::string server, const GenerationOptions& options, const VisionLanguageModel::OnToken& onToken)
    : server_(std::move(server)), logProbabilities_(options.logProbabilities), onToken_(onToken) {}

void AnswerReader::fail(const std::string& what) const {
  throw protocolError(server_, what);
}

json AnswerReader::parse(std::string_view text) const {
  json document = json::parse(text, nullptr, false);
  if (!document.is_object()) fail("it sent \"" + std::string(text.substr(0, 80)) + "\" where JSON was due");
  if (member(document, "error")) throw errorFromServer(0, text, server_);
  return document;
}

bool AnswerReader::readChunk(std::string_view data) {
  if (data == "[DONE]") {
    complete_ = true;
    return false;
  }
  const json document = parse(data);
  const json* choices = member(document, "choices");
  if (!choices || !choices->is_array()) fail("a chunk has no choices");
  if (!choices->empty()) readChoice(choices->front(), "delta");
  readUsage(document);
  readExtension(document);
  return true;
}

void AnswerReader::readWhole(std::string_view body) {
  const json document = parse(body);
  const json* choices = member(document, "choices");
  if (!choices || !choices->is_array() || choices->empty()) fail("the answer has no choices");
  readChoice(choices->front(), "message");
  readUsage(document);
  readExtension(document);
  complete_ = true;
}

void AnswerReader::readChoice(const json& choice, const char* contentHolder) {
  if (!choice.is_object()) fail("a choice is no object");
  const json* holder = member(choice, contentHolder);
  if (holder && !holder->is_object()) fail(std::string(contentHolder) + " is no object");
  const json* content = holder ? member(*holder, "content") : nullptr;
  if (content && !content->is_string()) fail("the content is no string");
  const std::string text = content ? content->get<std::string>() : std::string();
  add(text, logProbabilities_ ? tokensOf(choice) : std::vector<GeneratedToken>());
  const json* reason = member(choice, "finish_reason");
  if (!reason) return;
  if (!reason->is_string()) fail("finish_reason is no string");
  reply_.stopReason = *reason == "length" ? StopReason::Length : StopReason::EndOfAnswer;
  complete_ = true;
}

void AnswerReader::add(const std::string& text, std::vector<GeneratedToken> tokens) {
  if (text.empty() && tokens.empty()) return;
  std::string joined;
  for (const GeneratedToken& token : tokens) joined += token.text;
  if (joined != text) {
    // The tokens' texts must join to the answer's: one of them takes it all, with what they have on the average.
    double sum = 0.0;
    for (GeneratedToken& token : tokens) {
      token.text.clear();
      sum += token.logProbability;
    }
    const double mean = tokens.empty() ? kUnknown : sum / static_cast<double>(tokens.size());
    if (tokens.empty()) tokens.emplace_back();
    tokens.front().text = text;
    tokens.front().logProbability = mean;
  }
  reply_.text += text;
  ++pieces_;
  for (GeneratedToken& token : tokens) {
    if (onToken_) onToken_(token);
    if (logProbabilities_) reply_.tokens.push_back(std::move(token));
  }
}

std::vector<GeneratedToken> AnswerReader::tokensOf(const json& choice) {
  const json* holder = member(choice, "logprobs");
  if (!holder) return {};
  if (!holder->is_object()) fail("logprobs is no object");
  const json* list = member(*holder, "content");
  if (!list) return {};
  if (!list->is_array()) fail("logprobs.content is no array");
  std::vector<GeneratedToken> tokens;
  for (const json& entry : *list) {
    const auto logProbability = [this](const json& of) {
      const json* value = of.is_object() ? member(of, "logprob") : nullptr;
      if (!value || !value->is_number()) fail("a token has no logprob");
      return value->get<double>();
    };
    GeneratedToken token{.text = {}, .logProbability = logProbability(entry), .alternatives = {}};
    pendingBytes_ += bytesOf(entry);
    const std::size_t whole = completeUtf8Length(pendingBytes_);
    token.text = pendingBytes_.substr(0, whole);
    pendingBytes_.erase(0, whole);
    if (const json* alternatives = member(entry, "top_logprobs"); alternatives && alternatives->is_array()) {
      for (const json& alternative : *alternatives) {
        token.alternatives.push_back({.text = repairUtf8(bytesOf(alternative)), .logProbability = logProbability(alternative)});
      }
    }
    tokens.push_back(std::move(token));
  }
  return tokens;
}

// The bytes where they are given: a token's text cannot hold half a code point.
std::string AnswerReader::bytesOf(const json& token) const {
  if (!token.is_object()) fail("a token is no object");
  if (const json* bytes = member(token, "bytes"); bytes && bytes->is_array()) {
    std::string text;
    for (const json& byte : *bytes) {
      if (!byte.is_number_unsigned() || byte.get<std::uint64_t>() > 255) fail("a token's bytes are not bytes");
      text += static_cast<char>(byte.get<std::uint64_t>());
    }
    return text;
  }
  const json* text = member(token, "token");
  if (!text || !text->is_string()) fail("a token has no text");
  return text->get<std::string>();
}

void AnswerReader::readUsage(const json& document) {
  const json* usage = member(document, "usage");
  if (!usage || !usage->is_object()) return;
  const auto count = [usage](const char* name) -> std::int64_t {
    const json* value = member(*usage, name);
    return value && value->is_number_unsigned() ? value->get<std::int64_t>() : 0;
  };
  reply_.usage = {.promptTokens = count("prompt_tokens"), .completionTokens = count("completion_tokens")};
  usageGiven_ = true;
}

// What only our own engine says.
void AnswerReader::readExtension(const json& document) {
  const json* own = member(document, "orthoscribe");
  if (!own || !own->is_object()) return;
  const json* routing = member(*own, "routing");
  if (routing && routing->is_object()) reply_.routing = readRouting(*routing);
  if (const json* aspects = member(*own, "aspects"); aspects && aspects->is_object()) reply_.aspects = aspectReportOf(*aspects);
  const json* reason = member(*own, "stop_reason");
  if (!reason || *reason != "repetition") return;
  reply_.stopReason = StopReason::Repetition;
  const json* repeated = member(*own, "repeated");
  if (repeated && repeated->is_string()) reply_.repeated = repeated->get<std::string>();
}

Reply AnswerReader::takeReply() {
  // A server that says nothing of usage mostly sends a chunk for each token.
  if (!usageGiven_) reply_.usage.completionTokens = pieces_;
  // A server that knows nothing of probabilities leaves nothing but tokens without one.
  if (std::ranges::all_of(reply_.tokens, [](const GeneratedToken& token) { return std::isnan(token.logProbability); }))
    reply_.tokens.clear();
  return std::move(reply_);
}

}  // namespace orthoscribe::client
