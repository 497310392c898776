// SPDX-License-Identifier: GPL-2.0-or-later
// SentencePiece behind an interface of ours, because its library must not be linked into a program that holds torch: Debian's
// libsentencepiece exports an old protobuf of its own under the names of the newer one that torch brings, and the two crash each
// other. A module with the library is opened at run time with symbols of its own.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace orthoscribe::text {

class SentencePieceModel {
 public:
  virtual ~SentencePieceModel() = default;
  // Both throw Error when the library cannot.
  virtual std::vector<int> encode(std::string_view text) const = 0;
  virtual std::string decode(const std::vector<int>& pieces) const = 0;
  virtual int pieceCount() const = 0;
  virtual const std::string& piece(int id) const = 0;
  virtual int idOf(std::string_view piece) const = 0;  // the unknown piece's for one that is not there
  virtual int unknownId() const = 0;                   // below 0: there is none
  virtual bool isControl(int id) const = 0;
  virtual bool isByte(int id) const = 0;
};

// serialized: the bytes of a tokenizer.model; name: its file, for messages. Throws Error{InvalidInput} when it is none,
// Error{NotFound} when the module is missing.
std::unique_ptr<SentencePieceModel> openSentencePieceModel(const std::string& serialized, const std::string& name);

// What the module exports. Throws as openSentencePieceModel.
using SentencePieceFactory = SentencePieceModel* (*)(const std::string& serialized, const std::string& name);
inline constexpr const char* kSentencePieceFactory = "orthoscribeOpenSentencePiece";

}  // namespace orthoscribe::text
