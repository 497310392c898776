// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/text/bert_normalizer.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/text/unicode.h"

namespace orthoscribe::text {
namespace {

struct CodeRange {
  char32_t first;
  char32_t last;
};

// The blocks of Chinese characters as the BERT release lists them; the fifth begins later than the block, as in the tokenizers
// library.
constexpr std::array<CodeRange, 8> kChinese = {{{0x4E00, 0x9FFF},
                                                {0x3400, 0x4DBF},
                                                {0x20000, 0x2A6DF},
                                                {0x2A700, 0x2B73F},
                                                {0x2B740, 0x2B81F},
                                                {0x2B920, 0x2CEAF},
                                                {0xF900, 0xFAFF},
                                                {0x2F800, 0x2FA1F}}};

// The tokenizers library asks tables of Unicode 8 for marks, punctuation and format characters: what came later is a letter to
// it. Ranges in which nothing else is one of these.
constexpr std::array<CodeRange, 40> kAfterUnicode8 = {
    {{0x61D, 0x61D},     {0x7FD, 0x7FD},     {0x890, 0x8E2},     {0x9FD, 0x9FE},     {0xA76, 0xA76},     {0xAFA, 0xAFF},
     {0xB55, 0xB55},     {0xC04, 0xC3C},     {0xC77, 0xC77},     {0xC84, 0xC84},     {0xD00, 0xD00},     {0xD3B, 0xD3C},
     {0xD81, 0xD81},     {0xEBA, 0xEBA},     {0xECE, 0xECE},     {0x180F, 0x1886},   {0x1ABF, 0x1ACE},   {0x1B7D, 0x1B7E},
     {0x1DF6, 0x1DFB},   {0x2E43, 0x2E5D},   {0xA82C, 0xA82C},   {0xA8C5, 0xA8C5},   {0xA8FF, 0xA8FF},   {0xA9BD, 0xA9BD},
     {0x10D24, 0x10F89}, {0x11070, 0x11074}, {0x110C2, 0x110CD}, {0x111CF, 0x111CF}, {0x1123E, 0x11241}, {0x1133B, 0x1133B},
     {0x11438, 0x1145E}, {0x11660, 0x1166C}, {0x116B9, 0x116B9}, {0x1182F, 0x11FFF}, {0x12FF1, 0x13455}, {0x16E97, 0x16F4F},
     {0x16FE2, 0x16FE4}, {0x1CF00, 0x1CF46}, {0x1E000, 0x1E4EF}, {0x1E944, 0x1E95F}}};

template <std::size_t Count>
bool isIn(const std::array<CodeRange, Count>& ranges, char32_t code) {
  return std::ranges::any_of(ranges, [code](const CodeRange& range) { return code >= range.first && code <= range.last; });
}

bool isKnown(char32_t code) {
  return code < kAfterUnicode8.front().first || !isIn(kAfterUnicode8, code);
}

// Two signs were punctuation, and one a mark, before Unicode 8's successors put them elsewhere.
bool wasPunctuation(char32_t code) {
  return code == 0x166D || code == 0x111C9;
}
bool wasNonSpacingMark(char32_t code) {
  return code == 0x1734;
}

bool isPlainBreak(char32_t code) {
  return code == '\t' || code == '\n' || code == '\r';
}

bool isUnwanted(char32_t code) {
  return code == 0 || code == 0xFFFD || (!isPlainBreak(code) && isControlCharacter(code) && isKnown(code));
}

bool isAccent(char32_t code) {
  return wasNonSpacingMark(code) || (isNonSpacingMark(code) && isKnown(code) && !wasPunctuation(code));
}

bool isAsciiPunctuation(char32_t code) {
  return (code >= '!' && code <= '/') || (code >= ':' && code <= '@') || (code >= '[' && code <= '`') ||
         (code >= '{' && code <= '~');
}

bool isWordOfItsOwn(char32_t code) {
  return isAsciiPunctuation(code) || wasPunctuation(code) || (isPunctuation(code) && isKnown(code));
}

template <typename Write>
std::string rewritten(std::string_view text, Write&& write) {
  std::string result;
  result.reserve(text.size());
  forEachCodePoint(text, [&](char32_t code, std::string_view bytes) { write(code, bytes, result); });
  return result;
}

std::string cleaned(std::string_view text) {
  return rewritten(text, [](char32_t code, std::string_view bytes, std::string& result) {
    if (isUnwanted(code)) return;
    result += isWhiteSpace(code) ? std::string_view(" ") : bytes;
  });
}

std::string withSpacesAroundChinese(std::string_view text) {
  return rewritten(text, [](char32_t code, std::string_view bytes, std::string& result) {
    if (!isIn(kChinese, code)) {
      result += bytes;
      return;
    }
    result += ' ';
    result += bytes;
    result += ' ';
  });
}

std::string withoutAccents(std::string_view text) {
  const std::string decomposed = normalise(text, NormalForm::Decomposed);
  return rewritten(decomposed, [](char32_t code, std::string_view bytes, std::string& result) {
    if (!isAccent(code)) result += bytes;
  });
}

}  // namespace

Normalizer makeBertNormalizer(const JsonField& field) {
  const bool clean = field.member("clean_text").flagOr(true);
  const bool chinese = field.member("handle_chinese_chars").flagOr(true);
  const bool small = field.member("lowercase").flagOr(true);
  const bool accents = field.member("strip_accents").flagOr(small);
  return [clean, chinese, small, accents](std::string text) {
    if (clean) text = cleaned(text);
    if (chinese) text = withSpacesAroundChinese(text);
    if (accents) text = withoutAccents(text);
    return small ? lowerCase(text) : text;
  };
}

std::vector<std::string> bertWords(const std::string& text) {
  std::vector<std::string> words;
  bool open = false;  // the last word may go on
  forEachCodePoint(text, [&](char32_t code, std::string_view bytes) {
    const bool punctuation = isWordOfItsOwn(code);
    if (isWhiteSpace(code)) {
      open = false;
    } else if (open && !punctuation) {
      words.back() += bytes;
    } else {
      words.emplace_back(bytes);
      open = !punctuation;
    }
  });
  return words;
}

}  // namespace orthoscribe::text
