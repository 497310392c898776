// SPDX-License-Identifier: GPL-2.0-or-later
// The module around libsentencepiece; see sentencepiece_model.h for why it is one.
#include <sentencepiece_processor.h>

#include "core/base/error.h"
#include "core/text/sentencepiece_model.h"

namespace orthoscribe::text {
namespace {

class LibraryModel : public SentencePieceModel {
 public:
  LibraryModel(const std::string& serialized, const std::string& name) {
    const auto status = processor_.LoadFromSerializedProto(serialized);
    if (!status.ok() || processor_.GetPieceSize() == 0) {
      throw Error(ErrorCode::InvalidInput, name + ": not a SentencePiece model: " + status.ToString());
    }
  }
  std::vector<int> encode(std::string_view text) const override {
    std::vector<int> pieces;
    const auto status = processor_.Encode(text, &pieces);
    if (!status.ok()) throw Error(ErrorCode::InvalidInput, "SentencePiece cannot encode the text: " + status.ToString());
    return pieces;
  }
  std::string decode(const std::vector<int>& pieces) const override {
    std::string text;
    const auto status = processor_.Decode(pieces, &text);
    if (!status.ok()) throw Error(ErrorCode::Internal, "SentencePiece cannot decode: " + status.ToString());
    return text;
  }
  int pieceCount() const override { return processor_.GetPieceSize(); }
  const std::string& piece(int id) const override { return processor_.IdToPiece(id); }
  int idOf(std::string_view piece) const override { return processor_.PieceToId(piece); }
  int unknownId() const override { return processor_.unk_id(); }
  bool isControl(int id) const override { return processor_.IsControl(id); }
  bool isByte(int id) const override { return processor_.IsByte(id); }

 private:
  sentencepiece::SentencePieceProcessor processor_;
};

}  // namespace
}  // namespace orthoscribe::text

extern "C" __attribute__((visibility("default"))) orthoscribe::text::SentencePieceModel* orthoscribeOpenSentencePiece(
    const std::string& serialized, const std::string& name) {
  return new orthoscribe::text::LibraryModel(serialized, name);
}
