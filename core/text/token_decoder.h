// SPDX-License-Identifier: GPL-2.0-or-later
// The "decoder" of a tokenizer.json: tokens back to text.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/base/json_field.h"

namespace orthoscribe::text {

class TokenDecoder {
 public:
  // ByteLevel, or a Sequence of Replace, ByteFallback, Fuse, Strip, Metaspace, WordPiece; a null field joins tokens as they are.
  // Throws Error{Unsupported} naming any other type.
  explicit TokenDecoder(const JsonField& field);

  // Valid UTF-8: what is no valid sequence becomes U+FFFD, by ByteFallback one for each byte of the run that holds it.
  std::string decode(std::vector<std::string> tokens) const;

  // What one token means in the middle of a text; may end inside a UTF-8 sequence.
  std::string bytesOf(const std::string& token) const;

 private:
  using Step = std::function<void(std::vector<std::string>&)>;
  void addStep(const JsonField& field);
  void addWordPiece(const JsonField& field);
  void addStrip(const JsonField& field);

  bool byteLevel_ = false;
  bool byteFallback_ = false;
  std::vector<Step> steps_;
  std::vector<std::function<std::string(std::string)>> replacements_;
};

}  // namespace orthoscribe::text
