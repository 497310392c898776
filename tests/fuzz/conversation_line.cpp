// SPDX-License-Identifier: GPL-2.0-or-later
// A line of a file of conversations, which comes from anywhere: what is understood is written and read again the same.
#include <sstream>

#include "core/learn/data/conversation.h"
#include "tests/fuzz/expect.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace orthoscribe;
  fuzz::mayRefuse([&] {
    const learn::Conversation conversation = learn::parseConversation(fuzz::textOf(data, size));
    fuzz::expect(!conversation.turns.empty(), "a conversation has a turn");
    std::ostringstream written;
    learn::writeConversation(written, conversation);
    const std::string line = written.str();
    fuzz::expect(line.find('\n') == line.size() - 1, "it is one line");
    fuzz::expect(learn::parseConversation(line) == conversation, "it is read again as it was written");
  });
  return 0;
}
