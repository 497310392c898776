// SPDX-License-Identifier: GPL-2.0-or-later
// From the JSON of a chat completion, whole or in chunks, to a Reply. Nothing that comes is trusted.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/vision_language_model.h"

namespace orthoscribe::client {

class AnswerReader {
 public:
  // server: its address, for messages. Keeps the reference to onToken, which may be empty.
  AnswerReader(std::string server, const GenerationOptions& options, const VisionLanguageModel::OnToken& onToken);

  // One event of a stream. Returns false after "[DONE]". Throws Error with the server's words when it is an error, and
  // Error{Unavailable} when it is no chunk of a chat completion.
  bool readChunk(std::string_view data);
  // An answer in one piece, from a server that does not stream.
  void readWhole(std::string_view body);
  // True once the answer has ended as it should.
  bool complete() const { return complete_; }

  // What came so far.
  Reply takeReply();

 private:
  nlohmann::json parse(std::string_view text) const;
  void readChoice(const nlohmann::json& choice, const char* contentHolder);
  void readUsage(const nlohmann::json& document);
  void readRouting(const nlohmann::json& document);
  std::vector<GeneratedToken> tokensOf(const nlohmann::json& choice);
  std::string bytesOf(const nlohmann::json& token) const;
  void add(const std::string& text, std::vector<GeneratedToken> tokens);
  [[noreturn]] void fail(const std::string& what) const;

  std::string server_;
  bool logProbabilities_;
  const VisionLanguageModel::OnToken& onToken_;
  Reply reply_;
  std::string pendingBytes_;  // of a code point that later tokens complete
  std::int64_t pieces_ = 0;
  bool usageGiven_ = false;
  bool complete_ = false;
};

}  // namespace orthoscribe::client
