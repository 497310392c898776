// SPDX-License-Identifier: GPL-2.0-or-later
// The "pre_tokenizer" of a tokenizer.json: cuts the text into pieces that merges never cross.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/base/json_field.h"

namespace orthoscribe::text {

// The pattern of the GPT-2 encoder, which ByteLevel uses on its own.
extern const char* const kGpt2Pattern;

class PreTokenizer {
 public:
  virtual ~PreTokenizer() = default;
  // Replaces pieces by smaller ones. firstIsStart: the first piece begins the whole text.
  virtual void cut(std::vector<std::string>& pieces, bool firstIsStart) const = 0;
  // Whether the model works on bytes in the byte alphabet afterwards.
  virtual bool isByteLevel() const { return false; }
};

// ByteLevel (last in a Sequence), Split, Digits, Metaspace, BertPreTokenizer, Sequence; a null field gives one that cuts nothing.
// Throws Error{Unsupported} naming any other type.
std::unique_ptr<PreTokenizer> makePreTokenizer(const JsonField& field);

}  // namespace orthoscribe::text
