// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/cancel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <thread>

#include "core/base/error.h"

namespace orthoscribe {
namespace {

TEST(Cancel, ATokenOfNobodyIsNeverCancelled) {
  const CancelToken token;
  EXPECT_FALSE(token.cancelled());
  EXPECT_NO_THROW(token.throwIfCancelled());
  EXPECT_EQ(token.onCancel([] {}), nullptr);
}

TEST(Cancel, ReachesEveryTokenOfTheSource) {
  CancelSource source;
  const CancelToken before = source.token();
  source.cancel();
  EXPECT_TRUE(before.cancelled());
  EXPECT_TRUE(source.token().cancelled());
  try {
    before.throwIfCancelled();
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::Cancelled);
  }
}

TEST(Cancel, CallbacksRunOnce) {
  CancelSource source;
  int calls = 0;
  const auto handle = source.token().onCancel([&] { ++calls; });
  EXPECT_EQ(calls, 0);
  source.cancel();
  source.cancel();
  EXPECT_EQ(calls, 1);
}

TEST(Cancel, ALateCallbackRunsAtOnce) {
  CancelSource source;
  source.cancel();
  int calls = 0;
  const auto handle = source.token().onCancel([&] { ++calls; });
  EXPECT_EQ(calls, 1);
}

TEST(Cancel, ADroppedHandleIsNotCalled) {
  CancelSource source;
  int calls = 0;
  source.token().onCancel([&] { ++calls; }).reset();
  source.cancel();
  EXPECT_EQ(calls, 0);
}

TEST(Cancel, ACallbackMayDropItsOwnHandle) {
  CancelSource source;
  std::shared_ptr<void> handle;
  handle = source.token().onCancel([&] { handle.reset(); });
  source.cancel();
  EXPECT_EQ(handle, nullptr);
}

TEST(Cancel, DroppingAHandleWaitsForItsCallback) {
  CancelSource source;
  std::promise<void> entered;
  std::atomic<bool> finished = false;
  auto handle = source.token().onCancel([&] {
    entered.set_value();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    finished = true;
  });
  std::thread canceller([&] { source.cancel(); });
  entered.get_future().wait();
  handle.reset();
  EXPECT_TRUE(finished);
  canceller.join();
}

TEST(Cancel, ATokenOutlivesItsSource) {
  CancelToken token;
  {
    CancelSource source;
    token = source.token();
    source.cancel();
  }
  EXPECT_TRUE(token.cancelled());
}

}  // namespace
}  // namespace orthoscribe
