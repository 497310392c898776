// SPDX-License-Identifier: GPL-2.0-or-later
// The little of Unicode that tokenizers need: properties of code points and the four normalisation forms.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace orthoscribe::text {

// All functions expect valid UTF-8 (core/base/text_encoding.h, repairUtf8).

// Bytes of the first code point; 0 for an empty text.
std::size_t firstCodePointLength(std::string_view text);

// Bytes of white space (property White_Space) at the beginning and at the end.
std::size_t leadingSpace(std::string_view text);
std::size_t trailingSpace(std::string_view text);

// Letters, marks, digits and connectors, as "\w" in Unicode regular expressions (UTS 18, annex C).
bool startsWithWordCharacter(std::string_view text);
bool endsWithWordCharacter(std::string_view text);

// In order, each with the bytes that spell it.
void forEachCodePoint(std::string_view text, const std::function<void(char32_t code, std::string_view bytes)>& visit);

// Properties of a code point: White_Space; general categories Cc, Cf, Co; Mn; P*.
bool isWhiteSpace(char32_t code);
bool isControlCharacter(char32_t code);
bool isNonSpacingMark(char32_t code);
bool isPunctuation(char32_t code);

// Each code point's full lower case mapping by itself, without the context of words (SpecialCasing.txt's unconditional entries).
std::string lowerCase(std::string_view text);

enum class NormalForm { Composed, Decomposed, CompatibilityComposed, CompatibilityDecomposed };
// Unicode annex 15: NFC, NFD, NFKC, NFKD.
std::string normalise(std::string_view text, NormalForm form);

}  // namespace orthoscribe::text
