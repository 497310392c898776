// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/text/regular_expression.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <array>
#include <string>

#include "core/base/error.h"
#include "core/text/unicode.h"

namespace orthoscribe::text {
namespace {

std::string messageOf(int code) {
  std::array<PCRE2_UCHAR, 256> buffer{};
  pcre2_get_error_message(code, buffer.data(), buffer.size());
  return reinterpret_cast<const char*>(buffer.data());
}

std::string withUnicodeSpace(std::string_view pattern) {
  std::string translated;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '\\' || i + 1 == pattern.size()) {
      translated += pattern[i];
      continue;
    }
    const char escaped = pattern[++i];
    if (escaped == 's') {
      translated += "\\p{White_Space}";
    } else if (escaped == 'S') {
      translated += "\\P{White_Space}";
    } else {
      translated += {'\\', escaped};
    }
  }
  return translated;
}

}  // namespace

RegularExpression::RegularExpression(std::string_view pattern, std::string_view field) {
  const std::string translated = withUnicodeSpace(pattern);
  int code = 0;
  PCRE2_SIZE offset = 0;
  pcre2_code* compiled = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(translated.data()), translated.size(), PCRE2_UTF | PCRE2_UCP,
                                       &code, &offset, nullptr);
  if (!compiled) {
    throw Error(ErrorCode::InvalidInput,
                std::string(field) + ": regular expression '" + std::string(pattern) + "' cannot be used: " + messageOf(code));
  }
  code_ = std::shared_ptr<void>(compiled, [](void* owned) { pcre2_code_free(static_cast<pcre2_code*>(owned)); });
}

std::vector<TextRange> RegularExpression::findAll(std::string_view text) const {
  const auto* code = static_cast<const pcre2_code*>(code_.get());
  const std::unique_ptr<pcre2_match_data, decltype(&pcre2_match_data_free)> match(
      pcre2_match_data_create_from_pattern(code, nullptr), &pcre2_match_data_free);
  if (!match) throw Error(ErrorCode::Internal, "no memory for a regular expression's match");
  std::vector<TextRange> ranges;
  std::size_t from = 0;
  while (from < text.size()) {
    const int result =
        pcre2_match(code, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), from, PCRE2_NO_UTF_CHECK, match.get(), nullptr);
    if (result == PCRE2_ERROR_NOMATCH) break;
    if (result < 0) {
      throw Error(ErrorCode::InvalidInput, "the tokenizer's regular expression failed on the text: " + messageOf(result));
    }
    const PCRE2_SIZE* bounds = pcre2_get_ovector_pointer(match.get());
    if (bounds[1] > bounds[0]) ranges.push_back({bounds[0], bounds[1]});
    from = bounds[1] > from ? bounds[1] : from + firstCodePointLength(text.substr(from));
  }
  return ranges;
}

}  // namespace orthoscribe::text
