// SPDX-License-Identifier: GPL-2.0-or-later
// A server's stream of events: cut into events in pieces of any size, and each event read as a chunk of an answer. Both the plain
// answer and the list of models come from the same untrusted server.
#include "core/client/answer_reader.h"
#include "core/client/event_stream_parser.h"
#include "core/client/model_list_reader.h"
#include "tests/fuzz/expect.h"

namespace {

using namespace orthoscribe;

std::string eventsOf(std::string_view bytes, std::size_t pieceSize) {
  std::string events;
  client::EventStreamParser parser([&](std::string_view data) {
    events.append(data).push_back('\x1E');
    return true;
  });
  for (std::size_t at = 0; at < bytes.size(); at += pieceSize) parser.feed(bytes.substr(at, pieceSize));
  parser.finish();
  return events;
}

void readAnswer(std::string_view bytes) {
  GenerationOptions options;
  options.logProbabilities = true;
  std::string streamed;
  const VisionLanguageModel::OnToken onToken = [&](const GeneratedToken& token) { streamed += token.text; };
  client::AnswerReader reader("http://127.0.0.1", options, onToken);
  fuzz::mayRefuse([&] {
    client::EventStreamParser parser([&](std::string_view data) { return reader.readChunk(data); });
    parser.feed(bytes);
    parser.finish();
  });
  fuzz::expect(reader.takeReply().text.size() >= streamed.size(), "the reply holds what was streamed");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::textOf(data, size);
  const std::size_t pieceSize = size == 0 ? 1 : 1 + data[size - 1] % 7;
  fuzz::expect(eventsOf(text, pieceSize) == eventsOf(text, text.size() + 1), "pieces make no difference");
  readAnswer(text);
  fuzz::mayRefuse([&] {
    const VisionLanguageModel::OnToken nobody;
    client::AnswerReader("http://127.0.0.1", {}, nobody).readWhole(text);
  });
  fuzz::mayRefuse([&] { client::readModelList(text, "", "http://127.0.0.1"); });
  return 0;
}
