// SPDX-License-Identifier: GPL-2.0-or-later
// What the server answers to requests as they should be.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/base/image_codec.h"
#include "tests/engine/scripted_server_process.h"

namespace orthoscribe::tests {
namespace {

using nlohmann::json;

// The data of each event.
std::vector<std::string> eventsOf(const std::string& body) {
  std::vector<std::string> events;
  for (std::size_t at = 0; (at = body.find("data: ", at)) != std::string::npos;) {
    const std::size_t end = body.find("\n\n", at);
    events.push_back(body.substr(at + 6, end - at - 6));
    at = end;
  }
  return events;
}

TEST(ServerAnswers, AWholeCompletion) {
  const ScriptedServerProcess server;
  const RawResponse response = server.chat(chatText("what is there?"));
  ASSERT_EQ(response.status, 200) << response.body;
  const json answer = json::parse(response.body);
  EXPECT_EQ(answer["object"], "chat.completion");
  EXPECT_EQ(answer["model"], "scripted");
  EXPECT_EQ(answer["choices"].size(), 1u);
  EXPECT_EQ(answer["choices"][0]["message"]["role"], "assistant");
  EXPECT_EQ(answer["choices"][0]["message"]["content"], "0 images: what is there?");
  EXPECT_EQ(answer["choices"][0]["finish_reason"], "stop");
  EXPECT_TRUE(answer["choices"][0]["logprobs"].is_null());
  EXPECT_EQ(answer["usage"], (json{{"prompt_tokens", 1}, {"completion_tokens", 5}, {"total_tokens", 6}}));
}

TEST(ServerAnswers, AStreamWithUsage) {
  const ScriptedServerProcess server;
  const RawResponse response = server.chat(chatText("hello", R"(,"stream":true,"stream_options":{"include_usage":true})"));
  ASSERT_EQ(response.status, 200) << response.body;
  EXPECT_NE(response.head.find("Content-Type: text/event-stream\r\n"), std::string::npos) << response.head;
  const auto events = eventsOf(response.body);
  ASSERT_EQ(events.size(), 7u) << response.body;
  EXPECT_EQ(json::parse(events[0])["choices"][0]["delta"]["role"], "assistant");
  std::string text;
  for (std::size_t index = 1; index < 4; ++index) text += json::parse(events[index])["choices"][0]["delta"]["content"];
  EXPECT_EQ(text, "0 images: hello");
  EXPECT_EQ(json::parse(events[4])["choices"][0]["finish_reason"], "stop");
  const json last = json::parse(events[5]);
  EXPECT_TRUE(last["choices"].empty());
  EXPECT_EQ(last["usage"]["completion_tokens"], 3);
  EXPECT_EQ(events[6], "[DONE]");
}

TEST(ServerAnswers, LogProbabilitiesInBothForms) {
  const ScriptedServerProcess server;
  const json whole = json::parse(server.chat(chatText("\xC3\xA9", R"(,"logprobs":true,"top_logprobs":2)")).body);
  const json& tokens = whole["choices"][0]["logprobs"]["content"];
  ASSERT_EQ(tokens.size(), 3u);
  EXPECT_EQ(tokens[2]["token"], " \xC3\xA9");
  EXPECT_EQ(tokens[2]["bytes"], (json{32, 0xC3, 0xA9}));
  EXPECT_DOUBLE_EQ(tokens[2]["logprob"], -0.25);
  ASSERT_EQ(tokens[2]["top_logprobs"].size(), 2u);
  EXPECT_EQ(tokens[2]["top_logprobs"][1]["token"], "alternative 1");
  const auto events = eventsOf(server.chat(chatText("\xC3\xA9", R"(,"logprobs":true,"top_logprobs":2,"stream":true)")).body);
  ASSERT_EQ(events.size(), 6u);
  EXPECT_EQ(json::parse(events[3])["choices"][0]["logprobs"]["content"], (json::array({tokens[2]})));
}

TEST(ServerAnswers, LengthIsSaidAndObeyed) {
  const ScriptedServerProcess server;
  for (const char* name : {"max_tokens", "max_completion_tokens"}) {
    const json answer = json::parse(server.chat(chatText("one two three", std::string(",\"") + name + "\":2")).body);
    EXPECT_EQ(answer["choices"][0]["finish_reason"], "length");
    EXPECT_EQ(answer["choices"][0]["message"]["content"], "0 images:");
  }
}

TEST(ServerAnswers, ImagesComeAsDataUrls) {
  const ScriptedServerProcess server;
  const json content = {{{"type", "image_url"}, {"image_url", {{"url", pngDataUrl(RgbImage(5, 3))}, {"detail", "low"}}}},
                        {{"type", "text"}, {"text", "describe"}}};
  const json body = {{"model", "scripted"}, {"messages", {{{"role", "user"}, {"content", content}}}}};
  const RawResponse response = server.chat(body.dump());
  ASSERT_EQ(response.status, 200) << response.body;
  EXPECT_EQ(json::parse(response.body)["choices"][0]["message"]["content"], "1 images, 5x3: describe");
}

TEST(ServerAnswers, ModelsAndHealth) {
  const ScriptedServerProcess server;
  ASSERT_TRUE(server.waitForMetric("orthoscribe_model_ready 1"));
  EXPECT_EQ(json::parse(server.get("/health").body), (json{{"status", "ready"}}));
  const json list = json::parse(server.get("/v1/models").body);
  ASSERT_EQ(list["data"].size(), 3u);
  const json& entry = list["data"][0];
  EXPECT_EQ(entry["id"], "scripted");
  EXPECT_EQ(entry["orthoscribe"]["family"], "streaming");
  EXPECT_EQ(entry["orthoscribe"]["imageSidePx"], 320);
  EXPECT_DOUBLE_EQ(entry["orthoscribe"]["groundResolutionM"], 0.3);
  EXPECT_EQ(entry["orthoscribe"]["classes"], (json{"ship", "storage tank"}));
  EXPECT_EQ(json::parse(server.get("/v1/models/scripted").body), entry);
  EXPECT_EQ(list["data"][2]["id"], "scripted:two");
  EXPECT_EQ(list["data"][2]["parent"], "scripted");
  EXPECT_EQ(list["data"][2]["orthoscribe"]["adapters"], json::array({"two"}));
  EXPECT_EQ(json::parse(server.get("/v1/models/scripted:two").body), list["data"][2]);
  EXPECT_EQ(server.get("/v1/models/scripted:three").status, 404);
  EXPECT_EQ(server.get("/v1/models/other").status, 404);
}

TEST(ServerAnswers, MetricsCount) {
  const ScriptedServerProcess server;
  server.chat(chatText("one two"));
  server.chat(chatText("one", ",\"stream\":true"));
  server.chat("nonsense");
  EXPECT_TRUE(server.waitForMetric("orthoscribe_completion_tokens_total 7"));
  // Counted once the answer is on its way, so the client may be earlier.
  EXPECT_TRUE(server.waitForMetric("orthoscribe_requests_total{status=\"400\"} 1"));
  const std::string metrics = server.get("/metrics").body;
  EXPECT_NE(metrics.find("orthoscribe_prompt_tokens_total 2\n"), std::string::npos) << metrics;
  EXPECT_NE(metrics.find("orthoscribe_requests_total{status=\"400\"} 1\n"), std::string::npos) << metrics;
  EXPECT_NE(metrics.find("orthoscribe_first_token_seconds_count 2\n"), std::string::npos) << metrics;
  EXPECT_NE(metrics.find("orthoscribe_generation_seconds_bucket{le=\"+Inf\"} 2\n"), std::string::npos) << metrics;
  EXPECT_NE(metrics.find("orthoscribe_queue_length 0\n"), std::string::npos) << metrics;
}

TEST(ServerAnswers, OneConnectionServesSeveralRequests) {
  const ScriptedServerProcess server;
  RawClient client = server.connect();
  for (const char* more : {"", ",\"stream\":true", ""}) {
    ASSERT_TRUE(client.send(rawRequest("POST", "/v1/chat/completions", authorized(), chatText("again", more))));
    EXPECT_EQ(client.response().status, 200);
  }
}

TEST(ServerAnswers, ChunkedBodiesAreTaken) {
  const ScriptedServerProcess server;
  RawClient client = server.connect();
  const std::string body = chatText("in pieces");
  char size[16];
  std::snprintf(size, sizeof size, "%zx", body.size() - 10);
  client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: bearer " + std::string(kToken) +
              "\r\nTransfer-Encoding: chunked\r\n\r\na\r\n" + body.substr(0, 10) + "\r\n" + size + "\r\n" + body.substr(10) +
              "\r\n0\r\n\r\n");
  const RawResponse response = client.response();
  EXPECT_EQ(response.status, 200) << response.body;
}

TEST(ServerAnswers, TwoAtOnceAreAnsweredOneAfterTheOther) {
  const ScriptedServerProcess server({"--token-ms", "20"});
  RawClient first = server.startChat("first one", true);
  RawClient second = server.startChat("second one", false);
  EXPECT_NE(second.response().body.find("second one"), std::string::npos);
  EXPECT_NE(first.response().body.find("[DONE]"), std::string::npos);
}

TEST(ServerAnswers, ChatsWaitForAModelThatIsBeingLoaded) {
  const ScriptedServerProcess server({"--load-ms", "700"});
  EXPECT_EQ(json::parse(server.get("/health").body)["status"], "loading");
  const RawResponse models = server.get("/v1/models");
  EXPECT_EQ(models.status, 503);
  EXPECT_NE(models.head.find("Retry-After: "), std::string::npos) << models.head;
  EXPECT_NE(models.body.find("still being loaded"), std::string::npos) << models.body;
  EXPECT_EQ(server.chat(chatText("patience")).status, 200);
}

TEST(ServerAnswers, SilenceIsBrokenByComments) {
  const ScriptedServerProcess server({"--load-ms", "2500", "--heartbeat-s", "1"});
  const RawResponse response = server.chat(chatText("hello", ",\"stream\":true"));
  EXPECT_NE(response.body.find(": waiting\n\n"), std::string::npos) << response.body;
  EXPECT_NE(response.body.find("[DONE]"), std::string::npos) << response.body;
}

}  // namespace
}  // namespace orthoscribe::tests
