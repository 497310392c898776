// SPDX-License-Identifier: GPL-2.0-or-later
// What the server refuses, and in which words.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/base/image_codec.h"
#include "core/base/text_encoding.h"
#include "tests/engine/scripted_server_process.h"

namespace orthoscribe::tests {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class ServerRefusals : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    server_ = std::make_unique<ScriptedServerProcess>(std::vector<std::string>{"--body", "100000", "--pixels", "10000"});
    ASSERT_TRUE(server_->waitForMetric("orthoscribe_model_ready 1"));
  }
  static void TearDownTestSuite() { server_.reset(); }

  // Sends a body and checks that it is refused as it should be.
  static void expectRefused(const std::string& body, const std::string& field, const std::string& words, int status = 400) {
    const RawResponse response = server_->chat(body);
    EXPECT_EQ(response.status, status) << body.substr(0, 200) << "\n" << response.body;
    const json error = json::parse(response.body, nullptr, false)["error"];
    ASSERT_TRUE(error.is_object()) << response.body;
    EXPECT_THAT(error["message"].get<std::string>(), HasSubstr(words)) << body.substr(0, 200);
    EXPECT_EQ(error["param"], field.empty() ? json() : json(field)) << body.substr(0, 200);
    EXPECT_TRUE(error["type"].is_string());
    EXPECT_TRUE(error["code"].is_string());
  }

  static std::string withImage(const std::string& url) {
    return json{{"messages", {{{"role", "user"}, {"content", {{{"type", "image_url"}, {"image_url", {{"url", url}}}}}}}}}}.dump();
  }

  static inline std::unique_ptr<ScriptedServerProcess> server_;
};

TEST_F(ServerRefusals, TokensThatAreMissingOrWrong) {
  for (const std::vector<std::string>& headers : {std::vector<std::string>{},
                                                  {"Authorization: Bearer wrong"},
                                                  {"Authorization: Bearer "},
                                                  {"Authorization: Bearer"},
                                                  {std::string("Authorization: Basic ") + kToken},
                                                  {std::string("Authorization: Bearer ") + kToken + "x"},
                                                  {std::string("Authorization: Bearer ") + std::string(kToken).substr(1)}}) {
    for (const char* path : {"/v1/models", "/metrics", "/v1/chat/completions", "/nothing"}) {
      RawClient client = server_->connect();
      client.send(rawRequest(std::string(path).ends_with("completions") ? "POST" : "GET", path, headers));
      const RawResponse response = client.response();
      EXPECT_EQ(response.status, 401) << path;
      EXPECT_THAT(response.body, HasSubstr("\"invalid_api_key\""));
      EXPECT_THAT(response.head, HasSubstr("WWW-Authenticate: Bearer"));
      EXPECT_THAT(response.body, testing::Not(HasSubstr(kToken)));
    }
  }
  RawClient client = server_->connect();
  client.send(rawRequest("GET", "/health", {}));
  EXPECT_EQ(client.response().status, 200);
}

TEST_F(ServerRefusals, PathsAndMethods) {
  EXPECT_EQ(server_->get("/v2").status, 404);
  EXPECT_EQ(server_->get("/v1/models/a/b").status, 404);
  const RawResponse response = server_->get("/v1/chat/completions");
  EXPECT_EQ(response.status, 405);
  EXPECT_THAT(response.head, HasSubstr("Allow: POST"));
  RawClient client = server_->connect();
  client.send(rawRequest("DELETE", "/v1/models", authorized()));
  EXPECT_EQ(client.response().status, 405);
}

TEST_F(ServerRefusals, BodiesThatAreTooLarge) {
  RawClient announced = server_->connect();
  announced.send("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n" + authorized()[0] +
                 "\r\nContent-Length: 99999999999\r\n\r\n{");
  const RawResponse first = announced.response();
  EXPECT_EQ(first.status, 413);
  EXPECT_THAT(first.body, HasSubstr("100000 bytes"));
  RawClient chunked = server_->connect();
  chunked.send("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n" + authorized()[0] + "\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int chunk = 0; chunk < 20 && chunked.send("2000\r\n" + std::string(0x2000, 'x') + "\r\n"); ++chunk) {
  }
  EXPECT_EQ(chunked.response().status, 413);
  EXPECT_TRUE(chunked.waitForClose(std::chrono::seconds(10)));
}

TEST_F(ServerRefusals, BodiesWithoutLength) {
  RawClient client = server_->connect();
  client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n" + authorized()[0] + "\r\n\r\n");
  EXPECT_EQ(client.response().status, 411);
}

TEST_F(ServerRefusals, WhatIsNoJson) {
  expectRefused("", "", "the body is not JSON");
  expectRefused("{\"messages\":", "", "the body is not JSON");
  expectRefused("{\"messages\":[{\"role\":\"user\",\"content\":\"\xFF\xFE\"}]}", "", "the body is not JSON");
  expectRefused(std::string(50'000, '['), "", "nests deeper");
  expectRefused("{\"a\":" + std::string(40'000, '[') + std::string(40'000, ']') + "}", "", "nests deeper");
  expectRefused("[]", "the body", "must be an object");
  expectRefused("{\"temperature\":1e999}", "", "the body is not JSON");
}

TEST_F(ServerRefusals, FieldsOfTheWrongType) {
  const struct {
    const char* member;
    const char* field;
    const char* words;
  } cases[] = {
      {"\"model\":5", "model", "must be a string"},
      {"\"n\":2", "n", "is not offered"},
      {"\"n\":0", "n", "must lie between"},
      {"\"stream\":\"yes\"", "stream", "must be true or false"},
      {"\"stream_options\":[]", "stream_options", "must be an object"},
      {"\"stream_options\":{}", "stream_options", "only for streams"},
      {"\"max_tokens\":0", "max_tokens", "must lie between"},
      {"\"max_tokens\":1.5", "max_tokens", "must be an integer"},
      {"\"max_tokens\":99999999999999999999", "max_tokens", "must be an integer"},
      {"\"max_tokens\":18446744073709551615", "max_tokens", "must lie between"},
      {"\"max_completion_tokens\":\"9\"", "max_completion_tokens", "must be an integer"},
      {"\"temperature\":-1", "temperature", "must lie between"},
      {"\"temperature\":\"hot\"", "temperature", "must be a number"},
      {"\"top_p\":0", "top_p", "must be above 0"},
      {"\"top_p\":[]", "top_p", "must be a number"},
      {"\"top_k\":\"a\"", "top_k", "must be an integer"},
      {"\"repetition_penalty\":0", "repetition_penalty", "must lie between"},
      {"\"seed\":0.5", "seed", "must be an integer"},
      {"\"stop\":5", "stop", "must be a string or an array"},
      {"\"stop\":[\"a\",null]", "stop", "must be a string or an array"},
      {"\"logprobs\":1", "logprobs", "must be true or false"},
      {"\"top_logprobs\":5", "top_logprobs", "needs logprobs"},
      {"\"logprobs\":true,\"top_logprobs\":21", "top_logprobs", "must lie between"},
      {"\"tools\":[{}]", "tools", "is not offered"},
      {"\"tools\":{}", "tools", "must be an array"},
      {"\"response_format\":{\"type\":\"json_object\"}", "response_format", "is not offered"},
      {"\"response_format\":\"json\"", "response_format", "must be an object"},
      {"\"presence_penalty\":0.5", "presence_penalty", "is not offered"},
      {"\"logit_bias\":{\"5\":1}", "logit_bias", "is not offered"},
      {"\"modalities\":[\"audio\"]", "modalities", "is not offered"},
  };
  for (const auto& wrong : cases) {
    expectRefused(std::string("{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],") + wrong.member + "}", wrong.field,
                  wrong.words);
  }
}

TEST_F(ServerRefusals, MessagesThatAreNone) {
  const struct {
    const char* messages;
    const char* field;
    const char* words;
  } cases[] = {
      {"null", "messages", "is missing"},
      {"{}", "messages", "must be an array"},
      {"[]", "messages", "is empty"},
      {"[5]", "messages[0]", "must be an object"},
      {"[{\"content\":\"x\"}]", "messages[0].role", "is missing"},
      {"[{\"role\":\"tool\",\"content\":\"x\"}]", "messages[0].role", "not offered"},
      {"[{\"role\":\"user\"}]", "messages[0].content", "is missing"},
      {"[{\"role\":\"user\",\"content\":7}]", "messages[0].content", "must be a string or an array"},
      {"[{\"role\":\"user\",\"content\":[5]}]", "messages[0].content[0]", "must be an object"},
      {"[{\"role\":\"user\",\"content\":[{}]}]", "messages[0].content[0].type", "is missing"},
      {"[{\"role\":\"user\",\"content\":[{\"type\":\"input_audio\"}]}]", "messages[0].content[0].type", "not offered"},
      {"[{\"role\":\"user\",\"content\":[{\"type\":\"text\"}]}]", "messages[0].content[0].text", "is missing"},
      {"[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]", "messages[0].content[0].image_url", "is missing"},
      {"[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":\"x\"}]}]", "messages[0].content[0].image_url",
       "must be an object"},
      {"[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{}}]}]", "messages[0].content[0].image_url.url",
       "is missing"},
  };
  for (const auto& wrong : cases) expectRefused(std::string("{\"messages\":") + wrong.messages + "}", wrong.field, wrong.words);
}

TEST_F(ServerRefusals, ImagesThatAreNone) {
  const char* field = "messages[0].content[0].image_url.url";
  for (const char* url : {"http://127.0.0.1:1/a.png", "https://example.org/a.png", "file:///etc/passwd", "/etc/passwd", ""}) {
    expectRefused(withImage(url), field, "nothing is fetched");
  }
  expectRefused(withImage("data:text/plain;base64,AAAA"), field, "not a base64 data URL of an image");
  expectRefused(withImage("data:image/png;base64,@@@@"), field, "cannot be used");
  expectRefused(withImage("data:image/png;base64,AAAA"), field, "cannot be used");
  const std::string url = pngDataUrl(RgbImage(64, 64));
  expectRefused(withImage(url.substr(0, url.size() / 2)), field, "cannot be used");
  expectRefused(withImage(pngDataUrl(RgbImage(200, 200))), field, "cannot be used");
  json parts = json::array();
  for (int count = 0; count < 17; ++count) {
    parts.push_back({{"type", "image_url"}, {"image_url", {{"url", pngDataUrl(RgbImage(1, 1))}}}});
  }
  expectRefused(json{{"messages", {{{"role", "user"}, {"content", parts}}}}}.dump(), "messages[0].content[16].image_url.url",
                "one image too many");
}

TEST_F(ServerRefusals, ImagesThatAreTooLargeTogether) {
  json parts = json::array();
  for (int count = 0; count < 3; ++count) {
    parts.push_back({{"type", "image_url"}, {"image_url", {{"url", pngDataUrl(RgbImage(70, 70))}}}});
  }
  expectRefused(json{{"messages", {{{"role", "user"}, {"content", parts}}}}}.dump(), "messages[0].content[2].image_url.url",
                "cannot be used");
}

TEST_F(ServerRefusals, AModelThatIsNotServed) {
  expectRefused(R"({"model":"gpt-4","messages":[{"role":"user","content":"x"}]})", "model", "ask for \"scripted\"", 404);
}

TEST_F(ServerRefusals, WhatTheModelRefuses) {
  expectRefused(chatText("[fail]"), "", "this cannot be asked");
  expectRefused(chatText("[fail]", ",\"stream\":true"), "", "this cannot be asked");
  expectRefused(chatText("[crash]"), "", "a tensor fell down", 500);
  EXPECT_EQ(server_->chat(chatText("still there?")).status, 200);
}

TEST_F(ServerRefusals, WhatClientsSendWithoutMeaningAnythingIsTaken) {
  const RawResponse response = server_->chat(chatText(
      "x",
      R"(,"n":1,"tools":[],"logit_bias":{},"frequency_penalty":0,"response_format":{"type":"text"},"user":"u","metadata":{},)"
      R"("stop":null,"temperature":null,"seed":-5,"top_k":-1,"stream_options":null,"unknown":[1]})"));
  EXPECT_EQ(response.status, 400) << "one brace too many is still no JSON";
  const RawResponse taken = server_->chat(chatText(
      "x",
      R"(,"n":1,"tools":[],"logit_bias":{},"frequency_penalty":0,"response_format":{"type":"text"},"user":"u","metadata":{},)"
      R"("stop":null,"temperature":null,"seed":-5,"top_k":-1,"stream_options":null,"unknown":[1])"));
  EXPECT_EQ(taken.status, 200) << taken.body;
}

}  // namespace
}  // namespace orthoscribe::tests
