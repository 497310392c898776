// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <thread>

#include "core/engine/http/bounded_json.h"
#include "core/engine/http/constant_time.h"
#include "core/engine/http/metrics.h"
#include "core/engine/http/request_queue.h"

namespace orthoscribe::engine::http {
namespace {

using std::chrono::milliseconds;

std::shared_ptr<ChatJob> newJob() {
  return std::make_shared<ChatJob>(ChatRequest());
}

TEST(RequestQueue, IsFirstInFirstOutAndBounded) {
  RequestQueue queue(2);
  const auto first = newJob();
  const auto second = newJob();
  queue.push(first);
  queue.push(second);
  EXPECT_THROW(queue.push(newJob()), Error);
  EXPECT_EQ(queue.pop(), first);
  EXPECT_FALSE(queue.remove(first));
  EXPECT_TRUE(queue.remove(second));
  EXPECT_EQ(queue.size(), 0u);
}

TEST(RequestQueue, ClosingEndsWhoWaitsOnEitherSide) {
  RequestQueue queue(2);
  const auto job = newJob();
  queue.push(job);
  queue.close();
  const auto event = job->next(milliseconds(0));
  ASSERT_TRUE(event);
  EXPECT_EQ(std::get<Error>(*event).code(), ErrorCode::Unavailable);
  EXPECT_THROW(queue.push(newJob()), Error);
  EXPECT_EQ(queue.pop(), nullptr);

  RequestQueue empty(2);
  std::thread closer([&empty] { empty.close(); });
  EXPECT_EQ(empty.pop(), nullptr);
  closer.join();
}

TEST(ChatJob, EventsArriveInOrderAcrossThreads) {
  const auto job = newJob();
  EXPECT_FALSE(job->next(milliseconds(1)));
  std::thread publisher([&job] {
    for (int index = 0; index < 100; ++index)
      job->publish(GeneratedToken{.text = std::to_string(index), .logProbability = 0.0, .alternatives = {}});
  });
  for (int index = 0; index < 100; ++index) {
    const auto event = job->next(milliseconds(10'000));
    ASSERT_TRUE(event);
    EXPECT_EQ(std::get<GeneratedToken>(*event).text, std::to_string(index));
  }
  publisher.join();
}

TEST(BoundedJson, StopsAtItsLimits) {
  const JsonLimits limits{.maxDepth = 3, .maxValues = 10};
  EXPECT_NO_THROW(parseBoundedJson("[[[1]]]", limits));
  EXPECT_THROW(parseBoundedJson("[[[[1]]]]", limits), Error);
  EXPECT_NO_THROW(parseBoundedJson("[1,2,3,4,5]", limits));
  EXPECT_THROW(parseBoundedJson("[1,2,3,4,5,6,7,8,9,10,11,12]", limits), Error);
  EXPECT_THROW(parseBoundedJson("[1,]"), Error);
  EXPECT_THROW(parseBoundedJson(std::string(10'000'000, '[')), Error);
}

TEST(Histogram, CountsUpToEachBound) {
  Histogram histogram;
  for (const double seconds : {0.01, 0.05, 0.2, 400.0}) histogram.add(seconds);
  const std::string text = histogram.text("t", "Time.");
  EXPECT_NE(text.find("# TYPE t histogram\n"), std::string::npos) << text;
  EXPECT_NE(text.find("t_bucket{le=\"0.05\"} 2\n"), std::string::npos) << text;
  EXPECT_NE(text.find("t_bucket{le=\"0.25\"} 3\n"), std::string::npos) << text;
  EXPECT_NE(text.find("t_bucket{le=\"300\"} 3\n"), std::string::npos) << text;
  EXPECT_NE(text.find("t_bucket{le=\"+Inf\"} 4\n"), std::string::npos) << text;
  EXPECT_NE(text.find("t_count 4\n"), std::string::npos) << text;
}

TEST(ConstantTime, ComparesTextsWhole) {
  EXPECT_TRUE(equalInConstantTime("secret", "secret"));
  for (const char* wrong : {"", "s", "secre", "secrets", "Secret", "secretsecret"})
    EXPECT_FALSE(equalInConstantTime(wrong, "secret"));
  EXPECT_FALSE(equalInConstantTime("x", ""));
}

}  // namespace
}  // namespace orthoscribe::engine::http
