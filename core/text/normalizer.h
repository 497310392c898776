// SPDX-License-Identifier: GPL-2.0-or-later
// The "normalizer" of a tokenizer.json: changes the text before it is cut.
#pragma once

#include <functional>
#include <string>

#include "core/base/json_field.h"

namespace orthoscribe::text {

// Text (valid UTF-8) to text.
using Normalizer = std::function<std::string(std::string)>;

// NFC, NFD, NFKC, NFKD, Lowercase, BertNormalizer, Prepend, Replace, Sequence; a null field changes nothing. Throws
// Error{Unsupported} naming any other type.
Normalizer makeNormalizer(const JsonField& field);

// Every occurrence replaced, from left to right.
std::string replaceAll(std::string text, const std::string& what, const std::string& with);

}  // namespace orthoscribe::text
