// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/engine/scripted_server_process.h"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>
#include <utility>

namespace orthoscribe::tests {
namespace {

std::vector<std::string> commandOf(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), ORTHOSCRIBE_SCRIPTED_SERVER);
  return arguments;
}

}  // namespace

ScriptedServerProcess::ScriptedServerProcess(const std::vector<std::string>& arguments)
    : process_(commandOf(arguments), {std::string("ORTHOSCRIBE_TOKEN=") + kToken}) {
  if (!process_.waitForOutput("}\n")) throw std::runtime_error("the server did not start: " + process_.output());
  const std::string output = process_.output();
  const auto line = nlohmann::json::parse(output.substr(0, output.find('\n')));
  const std::string url = line.at("url");
  port_ = std::stoi(url.substr(url.rfind(':') + 1));
  const bool loadsSlowly =
      std::any_of(arguments.begin(), arguments.end(), [](const auto& one) { return one.starts_with("--load"); });
  if (!loadsSlowly) waitUntilLoaded();
}

void ScriptedServerProcess::waitUntilLoaded() const {
  for (int attempt = 0; attempt < 400; ++attempt) {
    if (get("/health").body.find("loading") == std::string::npos) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  throw std::runtime_error("the server did not load its model");
}

RawResponse ScriptedServerProcess::get(const std::string& path) const {
  RawClient client = connect();
  client.send(rawRequest("GET", path, authorized()));
  return client.response();
}

RawResponse ScriptedServerProcess::chat(const std::string& body) const {
  RawClient client = connect();
  client.send(rawRequest("POST", "/v1/chat/completions", authorized(), body));
  return client.response();
}

RawClient ScriptedServerProcess::startChat(const std::string& text, bool stream) const {
  RawClient client = connect();
  client.send(rawRequest("POST", "/v1/chat/completions", authorized(),
                         chatText(text, stream ? ",\"stream\":true,\"max_tokens\":100000" : ",\"max_tokens\":100000")));
  return client;
}

bool ScriptedServerProcess::waitForMetric(const std::string& line) const {
  for (int attempt = 0; attempt < 400; ++attempt) {
    if (get("/metrics").body.find(line + "\n") != std::string::npos) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(25));
  }
  return false;
}

std::vector<std::string> authorized() {
  return {std::string("Authorization: Bearer ") + kToken, "Content-Type: application/json"};
}

std::string chatText(const std::string& text, const std::string& more) {
  return R"({"model":"scripted","messages":[{"role":"user","content":)" + nlohmann::json(text).dump() + "}]" + more + "}";
}

}  // namespace orthoscribe::tests
