// SPDX-License-Identifier: GPL-2.0-or-later
// Clients that leave, dawdle or talk nonsense, full queues, and the server's end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <string>

#include "tests/engine/scripted_server_process.h"

namespace orthoscribe::tests {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;

TEST(ServerManners, AClientThatLeavesAStreamCancelsTheModel) {
  ScriptedServerProcess server({"--token-ms", "5"});
  RawClient client = server.startChat("[long]", true);
  client.readUntil("[long]");
  client.close();
  EXPECT_TRUE(server.process().waitForOutput("model: cancelled")) << server.process().output();
  EXPECT_EQ(server.chat(chatText("next")).status, 200);
  EXPECT_TRUE(server.waitForMetric("orthoscribe_cancelled_total 1"));
}

TEST(ServerManners, AClientThatLeavesBeforeTheFirstTokenCancelsTheModel) {
  for (const bool stream : {false, true}) {
    ScriptedServerProcess server;
    RawClient client = server.startChat("[silent]", stream);
    ASSERT_TRUE(server.process().waitForOutput("model: asked"));
    client.close();
    EXPECT_TRUE(server.process().waitForOutput("model: cancelled")) << server.process().output();
  }
}

TEST(ServerManners, AClientThatLeavesTheQueueIsNeverAsked) {
  for (const bool stream : {false, true}) {
    ScriptedServerProcess server;
    const RawClient first = server.startChat("[silent] first", true);
    ASSERT_TRUE(server.process().waitForOutput("model: asked [silent] first"));
    RawClient second = server.startChat("second", stream);
    ASSERT_TRUE(server.waitForMetric("orthoscribe_queue_length 1"));
    second.close();
    EXPECT_TRUE(server.waitForMetric("orthoscribe_queue_length 0"));
    EXPECT_THAT(server.process().output(), testing::Not(HasSubstr("asked second")));
  }
}

TEST(ServerManners, AFullQueueSaysSo) {
  ScriptedServerProcess server({"--queue", "1"});
  const RawClient first = server.startChat("[silent] first", true);
  ASSERT_TRUE(server.process().waitForOutput("model: asked [silent] first"));
  const RawClient second = server.startChat("second", true);
  ASSERT_TRUE(server.waitForMetric("orthoscribe_queue_length 1"));
  const RawResponse response = server.chat(chatText("third"));
  EXPECT_EQ(response.status, 503);
  EXPECT_THAT(response.head, HasSubstr("Retry-After: "));
  EXPECT_THAT(response.body, HasSubstr("the queue is full"));
}

TEST(ServerManners, ASlowRequestIsDropped) {
  const ScriptedServerProcess server({"--read-s", "1"});
  RawClient client = server.connect();
  const std::string request = rawRequest("POST", "/v1/chat/completions", authorized(), chatText("slow"));
  const auto started = std::chrono::steady_clock::now();
  std::size_t sent = 0;
  while (sent < request.size() && !client.waitForClose(std::chrono::milliseconds(100))) {
    if (!client.send(request.substr(sent++, 1))) break;
  }
  EXPECT_LT(sent, request.size());
  EXPECT_LT(std::chrono::steady_clock::now() - started, seconds(15));
}

TEST(ServerManners, ManySlowRequestsDoNotKeepOthersOut) {
  const ScriptedServerProcess server({"--read-s", "1"});
  std::vector<RawClient> slow;
  for (int count = 0; count < 100; ++count) {
    slow.push_back(server.connect());
    slow.back().send("POST /v1/chat");
  }
  EXPECT_EQ(server.get("/v1/models").status, 200);
}

TEST(ServerManners, NonsenseEndsTheConnection) {
  using std::string_literals::operator""s;
  const ScriptedServerProcess server({"--read-s", "2"});
  const std::string nonsenses[] = {"nonsense\r\n\r\n"s,
                                   "no line"s,
                                   std::string(100'000, 'x'),
                                   "GET / HTTP/9.9\r\n\r\n"s,
                                   "\x16\x03\x01\x00\xf1\x01\x00\x00\xed\x03\x03 hello\r\n\r\n"s,
                                   "GET /" + std::string(20'000, 'a') + " HTTP/1.1\r\n\r\n",
                                   "GET / HTTP/1.1\r\nNo colon\r\n\r\n"s,
                                   "\0\r\n\r\n"s};
  for (const std::string& nonsense : nonsenses) {
    RawClient client = server.connect();
    client.send(nonsense);
    EXPECT_TRUE(client.waitForClose(seconds(10))) << nonsense.substr(0, 20);
  }
  EXPECT_EQ(server.chat(chatText("still there?")).status, 200);
}

TEST(ServerManners, WhatFollowsARefusedBodyIsNotTakenForARequest) {
  const ScriptedServerProcess server;
  RawClient client = server.connect();
  const std::string hidden = rawRequest("GET", "/v1/models", authorized());
  client.send(rawRequest("POST", "/v1/chat/completions", {"Authorization: Bearer wrong"}, hidden));
  EXPECT_EQ(client.response().status, 401);
  EXPECT_EQ(client.response(seconds(5)).status, 0) << "the body was answered";
}

TEST(ServerManners, PipelinedRequestsAreAnsweredInOrder) {
  const ScriptedServerProcess server;
  RawClient client = server.connect();
  client.send(rawRequest("POST", "/v1/chat/completions", authorized(), chatText("first")) +
              rawRequest("POST", "/v1/chat/completions", authorized(), chatText("second")) + "garbage\r\n\r\n");
  EXPECT_THAT(client.response().body, HasSubstr("first"));
  EXPECT_THAT(client.response().body, HasSubstr("second"));
  EXPECT_TRUE(client.waitForClose(seconds(10)));
}

TEST(ServerManners, ABodyThatBreaksOffIsNoRequest) {
  ScriptedServerProcess server;
  {
    RawClient client = server.connect();
    client.send("POST /v1/chat/completions HTTP/1.1\r\n" + authorized()[0] + "\r\nContent-Length: 1000\r\n\r\n" +
                chatText("half"));
  }
  EXPECT_EQ(server.chat(chatText("whole")).status, 200);
  EXPECT_THAT(server.process().output(), testing::Not(HasSubstr("asked half")));
}

TEST(ServerManners, TerminationEndsItInMidAnswer) {
  ScriptedServerProcess server({"--token-ms", "5"});
  RawClient stream = server.startChat("[long]", true);
  stream.readUntil("[long]");
  RawClient waiting = server.startChat("waiting", false);
  ASSERT_TRUE(server.waitForMetric("orthoscribe_queue_length 1"));
  server.process().signal(SIGTERM);
  EXPECT_EQ(server.process().waitForEnd(seconds(10)), 0) << server.process().output();
  EXPECT_THAT(server.process().output(), HasSubstr("model: cancelled"));
  EXPECT_EQ(waiting.response().status, 503);
  EXPECT_TRUE(stream.waitForClose(seconds(5)));
}

TEST(ServerManners, TheEndOfItsInputEndsIt) {
  ScriptedServerProcess server({"--token-ms", "5"});
  RawClient stream = server.startChat("[long]", true);
  stream.readUntil("[long]");
  server.process().closeInput();
  EXPECT_EQ(server.process().waitForEnd(seconds(10)), 0) << server.process().output();
}

TEST(ServerManners, AModelThatCannotBeLoadedEndsItWithTheReason) {
  ScriptedServerProcess server({"--load-ms", "200", "--load-fails", "1"});
  RawClient waiting = server.startChat("hello", false);
  EXPECT_EQ(server.process().waitForEnd(seconds(10)), 1);
  EXPECT_THAT(server.process().output(), HasSubstr("config.json is missing"));
  EXPECT_EQ(waiting.response().status, 503);
}

}  // namespace
}  // namespace orthoscribe::tests
