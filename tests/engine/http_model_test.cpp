// SPDX-License-Identifier: GPL-2.0-or-later
// Our client against our server.
#include "core/client/http_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <functional>
#include <thread>

#include "core/base/error.h"
#include "tests/engine/scripted_server_process.h"

namespace orthoscribe::tests {
namespace {

using testing::HasSubstr;

client::EndpointOptions endpointOf(const ScriptedServerProcess& server) {
  return {.url = server.url(), .token = kToken, .model = {}};
}

std::vector<Message> question(std::string text, std::vector<RgbImage> images = {}) {
  return {{.role = Role::User, .text = std::move(text), .images = std::move(images)}};
}

Error errorOf(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  return {ErrorCode::Internal, "nothing was thrown"};
}

TEST(HttpModel, KnowsWhatTheModelSaysOfItself) {
  const ScriptedServerProcess server;
  ASSERT_TRUE(server.waitForMetric("orthoscribe_model_ready 1"));
  const ModelInfo info = client::makeHttpModel(endpointOf(server))->info();
  EXPECT_EQ(info.name, "scripted");
  EXPECT_EQ(info.family, "streaming");
  EXPECT_EQ(info.dialect, "plain");
  EXPECT_EQ(info.contentHash, "00ff");
  EXPECT_EQ(info.precision, "float32");
  EXPECT_EQ(info.device, "cpu");
  EXPECT_EQ(info.adapters, std::vector<std::string>{"one"});
  EXPECT_EQ(info.imageSidePx, 320);
  EXPECT_DOUBLE_EQ(info.groundResolutionM, 0.3);
  EXPECT_EQ(info.classes, (std::vector<std::string>{"ship", "storage tank"}));
}

TEST(HttpModel, DescriptionsByAspectsComeWithTheirParts) {
  const ScriptedServerProcess server;
  ASSERT_TRUE(server.waitForMetric("orthoscribe_model_ready 1"));
  const auto model = client::makeHttpModel(endpointOf(server));
  EXPECT_EQ(model->info().aspects, std::vector<std::string>{"theme"});
  GenerationOptions generation;
  EXPECT_FALSE(model->chat(question("x"), generation, nullptr, {}).aspects);
  generation.aspects = true;
  const Reply reply = model->chat(question("x"), generation, nullptr, {});
  ASSERT_TRUE(reply.aspects);
  ASSERT_EQ(reply.aspects->parts.size(), 1u);
  EXPECT_EQ(reply.aspects->parts[0].name, "theme");
  EXPECT_EQ(reply.aspects->parts[0].text, "A scene.");
  EXPECT_TRUE(reply.aspects->hasExperts());
  EXPECT_EQ(reply.aspects->router, "template");
}

TEST(HttpModel, AdaptersAreChosenAndRoutersTellOfThemselves) {
  const ScriptedServerProcess server;
  ASSERT_TRUE(server.waitForMetric("orthoscribe_model_ready 1"));
  auto endpoint = endpointOf(server);
  EXPECT_EQ(client::makeHttpModel(endpoint)->info().offeredAdapters, (std::vector<std::string>{"one", "two"}));
  const auto placeOf = [](const client::EndpointOptions& options, const std::string& adapter) {
    GenerationOptions generation;
    generation.routing = true;
    generation.adapter = adapter;
    const Reply reply = client::makeHttpModel(options)->chat(question("x"), generation, nullptr, {});
    return reply.routing ? reply.routing->routers.at(0).place : "nothing";
  };
  EXPECT_EQ(placeOf(endpoint, ""), "layer 0 of ");
  EXPECT_EQ(placeOf(endpoint, "two"), "layer 0 of two");
  endpoint.adapter = "one";
  EXPECT_EQ(placeOf(endpoint, ""), "layer 0 of one");
  EXPECT_EQ(client::makeHttpModel(endpoint)->info().adapters, std::vector<std::string>{"one"});
  endpoint.adapter.clear();
  endpoint.model = "scripted:two";
  EXPECT_EQ(placeOf(endpoint, ""), "layer 0 of two");
  EXPECT_EQ(client::makeHttpModel(endpoint)->info().adapters, std::vector<std::string>{"two"});
  EXPECT_EQ(errorOf([&] { placeOf(endpoint, "one"); }).code(), ErrorCode::InvalidInput);
  endpoint.model = "scripted";
  EXPECT_EQ(errorOf([&] { placeOf(endpoint, "three"); }).code(), ErrorCode::NotFound);
}

TEST(HttpModel, AnswersTokenByToken) {
  const ScriptedServerProcess server;
  const auto model = client::makeHttpModel(endpointOf(server));
  std::vector<std::string> heard;
  const Reply reply =
      model->chat(question("what is it?", {RgbImage(4, 6), RgbImage(8, 2)}), {.logProbabilities = true, .topLogProbabilities = 2},
                  [&heard](const GeneratedToken& token) { heard.push_back(token.text); }, {});
  EXPECT_EQ(reply.text, "2 images, 4x6, 8x2: what is it?");
  EXPECT_EQ(heard, (std::vector<std::string>{"2", " images,", " 4x6,", " 8x2:", " what", " is", " it?"}));
  EXPECT_EQ(reply.stopReason, StopReason::EndOfAnswer);
  EXPECT_EQ(reply.usage.completionTokens, 7);
  ASSERT_EQ(reply.tokens.size(), 7u);
  EXPECT_EQ(reply.tokens[1].text, " images,");
  EXPECT_DOUBLE_EQ(reply.tokens[1].logProbability, -0.25);
  ASSERT_EQ(reply.tokens[1].alternatives.size(), 2u);
  EXPECT_DOUBLE_EQ(reply.tokens[1].alternatives[1].logProbability, -1.25);
}

TEST(HttpModel, TextAndImagePlacesArriveAsTheyWere) {
  const ScriptedServerProcess server;
  const auto model = client::makeHttpModel(endpointOf(server));
  const auto heardAs = [&model](const std::string& text, std::size_t images) {
    const Reply reply = model->chat(question(text, std::vector<RgbImage>(images, RgbImage(1, 1))), {}, nullptr, {});
    return reply.text.substr(reply.text.find(": ") + 2);
  };
  for (const char* text : {"<image>\nwhat?", "Image-1: <image>\nImage-2: <image>\nwhat differs?", "before <image> after",
                           "last <image>", "<image> <image>\nboth", "<image>\n\xE6\xA3\xAE \"quoted\" \\ \t end "}) {
    const std::string sent = text;
    const std::size_t images = sent.find("<image>", sent.find("<image>") + 1) == std::string::npos ? 1 : 2;
    EXPECT_EQ(heardAs(sent, images), sent);
  }
  EXPECT_EQ(heardAs("no marker", 2), "no marker");
  EXPECT_EQ(heardAs("line\nbreak", 0), "line\nbreak");
  EXPECT_EQ(errorOf([&] { heardAs("<image> one too few", 2); }).code(), ErrorCode::InvalidInput);
}

TEST(HttpModel, LengthIsToldFromTheEnd) {
  const ScriptedServerProcess server;
  const Reply reply = client::makeHttpModel(endpointOf(server))->chat(question("[long]"), {.maxNewTokens = 3}, nullptr, {});
  EXPECT_EQ(reply.stopReason, StopReason::Length);
  EXPECT_EQ(reply.usage.completionTokens, 3);
}

TEST(HttpModel, CancelKeepsWhatCameAndReachesTheModel) {
  ScriptedServerProcess server({"--token-ms", "5"});
  const auto model = client::makeHttpModel(endpointOf(server));
  CancelSource cancel;
  int tokens = 0;
  const Reply reply = model->chat(
      question("[long]"), {.maxNewTokens = 100000},
      [&](const GeneratedToken&) {
        if (++tokens == 3) cancel.cancel();
      },
      cancel.token());
  EXPECT_EQ(reply.stopReason, StopReason::Cancelled);
  EXPECT_THAT(reply.text, HasSubstr("0 images: [long]"));
  EXPECT_TRUE(server.process().waitForOutput("model: cancelled"));
}

TEST(HttpModel, CancelWakesAWaitThatIsSilent) {
  ScriptedServerProcess server;
  const auto model = client::makeHttpModel(endpointOf(server));
  CancelSource cancel;
  std::thread canceller([&] {
    server.process().waitForOutput("model: asked");
    cancel.cancel();
  });
  const Reply reply = model->chat(question("[silent]"), {}, nullptr, cancel.token());
  canceller.join();
  EXPECT_EQ(reply.stopReason, StopReason::Cancelled);
  EXPECT_TRUE(server.process().waitForOutput("model: cancelled"));
  EXPECT_EQ(model->chat(question("x"), {}, nullptr, cancel.token()).stopReason, StopReason::Cancelled);
}

TEST(HttpModel, SeveralThreadsMayAskAtOnce) {
  const ScriptedServerProcess server;
  const auto model = client::makeHttpModel(endpointOf(server));
  std::atomic<int> right = 0;
  std::vector<std::thread> threads;
  for (int index = 0; index < 8; ++index) {
    threads.emplace_back([&, index] {
      const std::string text = "question " + std::to_string(index);
      if (model->chat(question(text), {}, nullptr, {}).text == "0 images: " + text) ++right;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 8);
}

TEST(HttpModel, ErrorsKeepTheServersWords) {
  const ScriptedServerProcess server({"--body", "2000"});
  const auto model = client::makeHttpModel(endpointOf(server));
  const Error refused = errorOf([&] { model->chat(question("[fail]"), {}, nullptr, {}); });
  EXPECT_EQ(refused.code(), ErrorCode::InvalidInput);
  EXPECT_THAT(refused.what(), HasSubstr("this cannot be asked"));
  const Error crashed = errorOf([&] { model->chat(question("[crash]"), {}, nullptr, {}); });
  EXPECT_EQ(crashed.code(), ErrorCode::Internal);
  EXPECT_THAT(crashed.what(), HasSubstr("a tensor fell down"));
  const Error tooLarge = errorOf([&] { model->chat(question(std::string(5000, 'x')), {}, nullptr, {}); });
  EXPECT_EQ(tooLarge.code(), ErrorCode::InvalidInput);
  EXPECT_THAT(tooLarge.what(), HasSubstr("2000 bytes"));
  const auto stranger = client::makeHttpModel({.url = server.url(), .token = "wrong", .model = {}});
  EXPECT_THAT(errorOf([&] { stranger->info(); }).what(), HasSubstr("bearer token"));
  const auto other = client::makeHttpModel({.url = server.url(), .token = kToken, .model = "other"});
  EXPECT_EQ(errorOf([&] { other->info(); }).code(), ErrorCode::NotFound);
  EXPECT_EQ(errorOf([&] { other->chat(question("x"), {}, nullptr, {}); }).code(), ErrorCode::NotFound);
}

TEST(HttpModel, AModelThatIsBeingLoadedIsUnavailable) {
  const ScriptedServerProcess server({"--load-ms", "2000"});
  const Error error = errorOf([&] { client::makeHttpModel(endpointOf(server))->info(); });
  EXPECT_EQ(error.code(), ErrorCode::Unavailable);
  EXPECT_THAT(error.what(), HasSubstr("still being loaded"));
}

TEST(HttpModel, AServerThatIsKilledInMidAnswerIsUnavailable) {
  ScriptedServerProcess server({"--token-ms", "5"});
  const auto model = client::makeHttpModel(endpointOf(server));
  std::string heard;
  const Error error = errorOf([&] {
    model->chat(question("[long]"), {.maxNewTokens = 100000},
                [&](const GeneratedToken& token) {
                  heard += token.text;
                  if (heard.size() > 20) server.process().signal(SIGKILL);
                },
                {});
  });
  EXPECT_EQ(error.code(), ErrorCode::Unavailable) << error.what();
  EXPECT_THAT(heard, HasSubstr("0 images: [long]"));
  server.process().waitForEnd(std::chrono::seconds(10));
  const Error gone = errorOf([&] { model->chat(question("x"), {}, nullptr, {}); });
  EXPECT_EQ(gone.code(), ErrorCode::Unavailable);
  EXPECT_THAT(gone.what(), HasSubstr("cannot reach " + server.url()));
}

}  // namespace
}  // namespace orthoscribe::tests
