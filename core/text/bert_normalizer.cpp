// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/text/bert_normalizer.h"

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

bool isChinese(char32_t code) {
  for (const CodeRange& range : kChinese) {
    if (code >= range.first && code <= range.last) return true;
  }
  return false;
}

bool isPlainBreak(char32_t code) {
  return code == '\t' || code == '\n' || code == '\r';
}

bool isUnwanted(char32_t code) {
  return code == 0 || code == 0xFFFD || (!isPlainBreak(code) && isControlCharacter(code));
}

bool isAsciiPunctuation(char32_t code) {
  return (code >= '!' && code <= '/') || (code >= ':' && code <= '@') || (code >= '[' && code <= '`') ||
         (code >= '{' && code <= '~');
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
    if (!isChinese(code)) {
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
    if (!isNonSpacingMark(code)) result += bytes;
  });
}

}  // namespace

Normalizer makeBertNormalizer(const JsonField& field) {
  const bool clean = field.member("clean_text").boolOr(true);
  const bool chinese = field.member("handle_chinese_chars").boolOr(true);
  const bool small = field.member("lowercase").boolOr(true);
  const bool accents = field.member("strip_accents").boolOr(small);
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
    const bool punctuation = isAsciiPunctuation(code) || isPunctuation(code);
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
