// SPDX-License-Identifier: GPL-2.0-or-later
// Server-sent events (WHATWG HTML, section 9.2.6) from bytes that come in any pieces. Only the data matters here.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace orthoscribe::client {

class EventStreamParser {
 public:
  // onData: the data lines of one event, joined with line breaks; returns false when no more is wanted.
  using OnData = std::function<bool(std::string_view data)>;
  explicit EventStreamParser(OnData onData, std::size_t maxEventBytes = 16u << 20);

  // Returns false once onData did. Throws Error{Unavailable} when an event grows beyond the limit, and what onData throws.
  bool feed(std::string_view bytes);
  // The end of the stream: an event without the empty line after it is given too, as careless servers leave it out.
  bool finish();

 private:
  bool line(std::string_view text);
  bool dispatch();

  OnData onData_;
  std::size_t maxEventBytes_;
  std::string line_;  // begun, not ended
  std::string data_;
  bool hasData_ = false;
  bool afterCarriageReturn_ = false;
  bool atStart_ = true;
};

}  // namespace orthoscribe::client
