// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/client/event_stream_parser.h"

#include <utility>

#include "core/base/error.h"

namespace orthoscribe::client {

EventStreamParser::EventStreamParser(OnData onData, std::size_t maxEventBytes)
    : onData_(std::move(onData)), maxEventBytes_(maxEventBytes) {}

bool EventStreamParser::feed(std::string_view bytes) {
  while (!bytes.empty()) {
    if (std::exchange(afterCarriageReturn_, false) && bytes[0] == '\n') {
      bytes.remove_prefix(1);
      continue;
    }
    const std::size_t end = bytes.find_first_of("\r\n");
    line_ += bytes.substr(0, end);
    if (line_.size() + data_.size() > maxEventBytes_) {
      throw Error(ErrorCode::Unavailable,
                  "the server sent an event of more than " + std::to_string(maxEventBytes_) + " bytes, which no answer is",
                  "check that the URL is of a server that speaks OpenAI's chat completions");
    }
    if (end == bytes.npos) return true;
    // CR, LF and CR LF all end a line; the LF may come with the next packet.
    afterCarriageReturn_ = bytes[end] == '\r';
    bytes.remove_prefix(end + 1);
    if (!line(std::exchange(line_, {}))) return false;
  }
  return true;
}

bool EventStreamParser::finish() {
  if (!line_.empty() && !line(std::exchange(line_, {}))) return false;
  return dispatch();
}

bool EventStreamParser::line(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (std::exchange(atStart_, false) && text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (text.empty()) return dispatch();
  const std::size_t colon = text.find(':');
  if (text.substr(0, colon) != "data") return true;  // a comment, or a field of no concern
  std::string_view value = colon == text.npos ? std::string_view() : text.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (std::exchange(hasData_, true)) data_ += '\n';
  data_ += value;
  return true;
}

bool EventStreamParser::dispatch() {
  if (!std::exchange(hasData_, false)) return true;
  const std::string data = std::exchange(data_, {});
  return onData_(data);
}

}  // namespace orthoscribe::client
