// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/evaluate/remembering_model.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <span>

#include "core/base/error.h"
#include "core/base/routing_json.h"
#include "core/base/sha256.h"

namespace orthoscribe::learn {
namespace {

using Json = nlohmann::ordered_json;

void addText(Sha256& hash, const std::string& text) {
  const std::string framed = std::to_string(text.size()) + ":" + text;
  hash.update(std::as_bytes(std::span(framed)));
}

std::string keyOf(const ModelInfo& info, const std::vector<Message>& messages, const GenerationOptions& options) {
  Sha256 hash;
  addText(hash, info.contentHash.empty() ? info.name : info.contentHash);
  for (const std::string& adapter : info.adapters) addText(hash, adapter);
  addText(hash, options.adapter);
  const Json settings = {options.maxNewTokens, options.temperature, options.topP,
                         options.topK,         options.minP,        options.logProbabilities};
  addText(hash, settings.dump());
  for (const Message& message : messages) {
    addText(hash, std::to_string(static_cast<int>(message.role)) + message.text);
    for (const RgbImage& image : message.images) {
      addText(hash, std::to_string(image.width) + "x" + std::to_string(image.height));
      hash.update(std::as_bytes(std::span(image.pixels)));
    }
  }
  return hash.finish();
}

// A reply as far as an evaluation needs it.
Json replyJson(const Reply& reply) {
  Json entry = {{"answer", reply.text}};
  for (const GeneratedToken& token : reply.tokens) {
    entry["tokens"].push_back(token.text);
    entry["logprobs"].push_back(std::isfinite(token.logProbability) ? Json(token.logProbability) : Json());
  }
  if (reply.routing) entry["routing"] = routingJson(*reply.routing);
  return entry;
}

Reply replyOf(const Json& entry) {
  Reply reply;
  reply.text = entry.at("answer").get<std::string>();
  if (entry.contains("routing") && entry["routing"].is_object()) reply.routing = readRouting(entry["routing"]);
  if (!entry.contains("tokens")) return reply;
  for (std::size_t index = 0; index < entry["tokens"].size(); ++index) {
    const Json& probability = entry.at("logprobs").at(index);
    reply.tokens.push_back({.text = entry["tokens"][index].get<std::string>(),
                            .logProbability = probability.is_number() ? probability.get<double>() : std::nan(""),
                            .alternatives = {}});
  }
  return reply;
}

}  // namespace

RememberingModel::RememberingModel(VisionLanguageModel& model, const std::filesystem::path& file)
    : model_(model), info_(model.info()), path_(file) {
  load();
  file_.open(path_, std::ios::app);
  if (!file_) throw Error(ErrorCode::Io, path_.string() + ": cannot be written", "Name another file for the answers.");
  // What was cut short by a kill or a full disk must not swallow the next line.
  std::ifstream end(path_, std::ios::ate | std::ios::binary);
  if (end && end.tellg() > 0) {
    end.seekg(-1, std::ios::end);
    if (end.get() != '\n') file_ << '\n';
  }
}

void RememberingModel::load() {
  std::ifstream stream(path_);
  for (std::string line; std::getline(stream, line);) {
    const Json entry = Json::parse(line, nullptr, false);
    if (!entry.is_object() || !entry.contains("key") || !entry["key"].is_string()) continue;
    try {
      replies_[entry["key"].get<std::string>()] = replyOf(entry);
    } catch (const nlohmann::json::exception&) {
      continue;
    }
  }
}

Reply RememberingModel::chat(const std::vector<Message>& messages, const GenerationOptions& options, const OnToken& onToken,
                             const CancelToken& cancel) {
  const std::string key = keyOf(info_, messages, options);
  {
    const std::lock_guard lock(mutex_);
    const auto known = replies_.find(key);
    if (known != replies_.end()) {
      ++remembered_;
      return known->second;
    }
  }
  Reply reply = model_.chat(messages, options, onToken, cancel);
  if (reply.stopReason != StopReason::Cancelled) keep(key, messages.empty() ? "" : messages.back().text, reply);
  return reply;
}

void RememberingModel::keep(const std::string& key, const std::string& question, const Reply& reply) {
  Json entry = {{"key", key}, {"question", question}};
  entry.update(replyJson(reply));
  const std::lock_guard lock(mutex_);
  file_ << entry.dump(-1, ' ', false, Json::error_handler_t::replace) << std::endl;
  if (!file_) throw Error(ErrorCode::Io, path_.string() + ": an answer cannot be written", "Is the disk full?");
  replies_.emplace(key, reply);
}

std::int64_t RememberingModel::remembered() const {
  const std::lock_guard lock(mutex_);
  return remembered_;
}

}  // namespace orthoscribe::learn
