// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/client/event_stream_parser.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/base/error.h"

namespace orthoscribe::client {
namespace {

std::vector<std::string> eventsOf(const std::string& stream, std::size_t packetSize) {
  std::vector<std::string> events;
  EventStreamParser parser([&events](std::string_view data) {
    events.emplace_back(data);
    return true;
  });
  for (std::size_t at = 0; at < stream.size(); at += packetSize) EXPECT_TRUE(parser.feed(stream.substr(at, packetSize)));
  EXPECT_TRUE(parser.finish());
  return events;
}

TEST(EventStreamParser, GivesTheSameForAnyPackets) {
  const struct {
    const char* stream;
    std::vector<std::string> events;
  } cases[] = {
      {"data: a\n\ndata: b\n\n", {"a", "b"}},
      {"data: a\r\n\r\ndata: b\r\n\r\n", {"a", "b"}},
      {"data: a\r\rdata: b\r\r", {"a", "b"}},
      {"data:a\n\ndata:  b\n\n", {"a", " b"}},
      {"data: a\ndata: b\n\n", {"a\nb"}},
      {"data\n\n", {""}},
      {"data: a\n\ndata: no empty line", {"a", "no empty line"}},
      {": comment\n\n: another\n\ndata: a\n\n", {"a"}},
      {"event: x\nid: 5\nretry: 10\ndata: a\nother: 1\n\n\n\n", {"a"}},
      {"\xEF\xBB\xBF"
       "data: a\n\n",
       {"a"}},
      {"database: a\n\n", {}},
      {"", {}},
      {"\n\n\r\n", {}},
  };
  for (const auto& given : cases) {
    for (std::size_t size = 1; size < 12; ++size) EXPECT_EQ(eventsOf(given.stream, size), given.events) << given.stream << size;
  }
}

TEST(EventStreamParser, StopsWhenNoMoreIsWanted) {
  int events = 0;
  EventStreamParser parser([&events](std::string_view) { return ++events < 2; });
  EXPECT_FALSE(parser.feed("data: a\n\ndata: b\n\ndata: c\n\n"));
  EXPECT_EQ(events, 2);
}

TEST(EventStreamParser, RefusesEventsWithoutEnd) {
  const auto feedForEver = [](const std::string& packet) {
    EventStreamParser parser([](std::string_view) { return true; }, 1000);
    for (int count = 0; count < 1000; ++count) parser.feed(packet);
  };
  EXPECT_THROW(feedForEver("xxxxxxxxxx"), Error);
  EXPECT_THROW(feedForEver("data: x\n"), Error);
  EXPECT_NO_THROW(feedForEver("data: x\n\n"));
}

}  // namespace
}  // namespace orthoscribe::client
