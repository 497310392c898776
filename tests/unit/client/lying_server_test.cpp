// SPDX-License-Identifier: GPL-2.0-or-later
// The client against servers that answer anything but a chat completion.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <string>
#include <thread>

#include "core/base/error.h"
#include "core/client/http_model.h"

namespace orthoscribe::client {
namespace {

using testing::HasSubstr;

// Says the next piece, or nothing more when it is empty.
using Speech = std::function<std::string(int piece)>;

// Answers every request on 127.0.0.1 with the speech and closes.
class LyingServer {
 public:
  explicit LyingServer(Speech speech) : speech_(std::move(speech)), listener_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    listen(listener_, 8);
    socklen_t size = sizeof address;
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    url_ = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    thread_ = std::thread([this] { serve(); });
  }
  explicit LyingServer(const std::string& response)
      : LyingServer([response](int piece) { return piece == 0 ? response : std::string(); }) {}
  ~LyingServer() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }
  LyingServer(const LyingServer&) = delete;
  LyingServer& operator=(const LyingServer&) = delete;

  const std::string& url() const { return url_; }

 private:
  void serve() {
    for (int client = 0; (client = accept(listener_, nullptr, nullptr)) >= 0;) {
      std::string request;
      char buffer[65536];
      // The body's end is not looked for: all requests here are small and come with their head or right after.
      while (request.find("\r\n\r\n") == std::string::npos || (request[0] == 'P' && !request.ends_with('}'))) {
        const ssize_t count = recv(client, buffer, sizeof buffer, 0);
        if (count <= 0) break;
        request.append(buffer, static_cast<std::size_t>(count));
      }
      for (int piece = 0;; ++piece) {
        const std::string said = speech_(piece);
        if (said.empty() || send(client, said.data(), said.size(), MSG_NOSIGNAL) < 0) break;
      }
      close(client);
    }
  }

  Speech speech_;
  int listener_;
  std::string url_;
  std::thread thread_;
};

std::string response(const std::string& type, const std::string& body, int status = 200) {
  return "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Type: " + type +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

Error chatError(const LyingServer& server, std::string* heard = nullptr) {
  const auto model = makeHttpModel({.url = server.url(), .token = "t", .model = "m", .connectTimeoutS = 5, .readTimeoutS = 5});
  try {
    const Reply reply = model->chat({{Role::User, "hello", {}}}, {.maxNewTokens = 8},
                                    [heard](const GeneratedToken& token) {
                                      if (heard) *heard += token.text;
                                    },
                                    {});
    return {ErrorCode::Internal, "nothing was thrown, but \"" + reply.text + "\" answered"};
  } catch (const Error& error) {
    return error;
  }
}

constexpr const char* kStream = "text/event-stream";
constexpr const char* kChunk = "data: {\"choices\":[{\"delta\":{\"content\":\"so far\"}}]}\n\n";

TEST(LyingServer, WrongAnswersAreNamed) {
  const struct {
    std::string said;
    const char* words;
  } cases[] = {
      {"", "broke off"},
      {"nonsense\r\n\r\n", "broke off"},
      {"SSH-2.0-OpenSSH_9.9\r\n", "broke off"},
      {response("text/html", "<html>hello</html>"), "text/html"},
      {response("application/json", "{}"), "choices"},
      {response("application/json", "{\"choices\":[]}"), "choices"},
      {response("application/json", "<html>"), "where JSON was due"},
      {response("application/json", ""), "broke off"},
      {response(kStream, ""), "broke off"},
      {response(kStream, "data: nonsense\n\n"), "where JSON was due"},
      {response(kStream, "<html>hello</html>"), "broke off"},
      {response(kStream, kChunk), "broke off"},
      {response(kStream, std::string(kChunk) + "data: {\"error\":{\"message\":\"out of memory\"}}\n\n"), "out of memory"},
      {"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 5000\r\n\r\n" + std::string(kChunk), "broke off"},
      {"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "broke off"},
  };
  for (const auto& lie : cases) {
    const LyingServer server(lie.said);
    const Error error = chatError(server);
    EXPECT_EQ(error.code(), ErrorCode::Unavailable) << lie.said << "\n" << error.what();
    EXPECT_THAT(error.what(), HasSubstr(lie.words)) << lie.said;
    EXPECT_THAT(error.what(), HasSubstr(server.url())) << lie.said;
  }
}

TEST(LyingServer, StatusesKeepTheirWords) {
  const struct {
    int status;
    const char* body;
    const char* words;
    ErrorCode code;
  } cases[] = {
      {400, R"({"error":{"message":"n must be 1"}})", "n must be 1", ErrorCode::InvalidInput},
      {400, R"({"object":"error","message":"too long"})", "too long", ErrorCode::InvalidInput},
      {401, R"({"error":"Unauthorized"})", "Unauthorized", ErrorCode::InvalidInput},
      {404, R"({"detail":"Not Found"})", "Not Found", ErrorCode::NotFound},
      {422, R"({"detail":[{"loc":["body"]}]})", "loc", ErrorCode::InvalidInput},
      {500, "Internal Server Error", "Internal Server Error", ErrorCode::Internal},
      {502, "<html>\n\x01 bad gateway \xFF", "bad gateway", ErrorCode::Unavailable},
      {503, "", "503", ErrorCode::Unavailable},
      {302, "", "302", ErrorCode::InvalidInput},
      {204, "", "204", ErrorCode::InvalidInput},
  };
  for (const auto& given : cases) {
    const LyingServer server(response("application/json", given.body, given.status));
    const Error error = chatError(server);
    EXPECT_EQ(error.code(), given.code) << given.status << ": " << error.what();
    EXPECT_THAT(error.what(), HasSubstr(given.words));
  }
}

TEST(LyingServer, WhatCameBeforeTheBreakWasHeard) {
  std::string heard;
  const LyingServer server(response(kStream, kChunk));
  chatError(server, &heard);
  EXPECT_EQ(heard, "so far");
}

TEST(LyingServer, AnswersWithoutEndAreLeft) {
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
  const LyingServer endlessLine([&head](int piece) { return piece == 0 ? head : std::string(1 << 20, 'x'); });
  EXPECT_THAT(chatError(endlessLine).what(), HasSubstr("does not end"));
  std::string chunks;
  while (chunks.size() < (1u << 20)) chunks += kChunk;
  const LyingServer endlessChunks([&](int piece) { return piece == 0 ? head : chunks; });
  EXPECT_THAT(chatError(endlessChunks).what(), HasSubstr("does not end"));
  const LyingServer endlessError([](int piece) {
    return piece == 0 ? std::string("HTTP/1.1 500 No\r\nContent-Type: text/plain\r\n\r\n") : std::string(1 << 16, 'x');
  });
  EXPECT_THAT(chatError(endlessError).what(), HasSubstr("500"));
}

TEST(LyingServer, SilenceEndsWithTheTimeout) {
  const LyingServer server([](int) {
    std::this_thread::sleep_for(std::chrono::seconds(2));
    return std::string();
  });
  const auto model = makeHttpModel({.url = server.url(), .token = {}, .model = "m", .connectTimeoutS = 1, .readTimeoutS = 1});
  EXPECT_THROW(model->chat({{Role::User, "hello", {}}}, {}, nullptr, {}), Error);
}

TEST(LyingServer, NobodyThere) {
  std::string url;
  {
    const LyingServer server("");
    url = server.url();
  }
  const auto model = makeHttpModel({.url = url, .token = {}, .model = {}});
  try {
    model->info();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::Unavailable);
    EXPECT_THAT(error.what(), HasSubstr("cannot reach " + url));
    EXPECT_FALSE(error.hint().empty());
  }
}

TEST(LyingServer, WithoutTlsSaysSo) {
  const LyingServer server("nonsense");
  const std::string url = "https" + server.url().substr(4);
  try {
    makeHttpModel({.url = url, .token = {}, .model = {}})->info();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::Unavailable);
    EXPECT_THAT(error.what(), HasSubstr("securely")) << error.what();
  }
}

}  // namespace
}  // namespace orthoscribe::client
