// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/text/unicode.h"

#include <utf8proc.h>

#include <cstdlib>
#include <memory>

#include "core/base/error.h"

namespace orthoscribe::text {
namespace {

struct CodePoint {
  utf8proc_int32_t value = -1;
  std::size_t length = 0;
};

CodePoint codePointAt(std::string_view text, std::size_t offset) {
  CodePoint point;
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + offset;
  const utf8proc_ssize_t length = utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(text.size() - offset), &point.value);
  point.length = length > 0 ? static_cast<std::size_t>(length) : 1;
  return point;
}

CodePoint lastCodePoint(std::string_view text) {
  std::size_t offset = text.size() - 1;
  while (offset > 0 && (static_cast<unsigned char>(text[offset]) & 0xC0) == 0x80) --offset;
  return codePointAt(text, offset);
}

// PropList.txt of Unicode 15; stable since version 6.3.
bool isSpace(utf8proc_int32_t value) {
  return (value >= 0x09 && value <= 0x0D) || value == 0x20 || value == 0x85 || value == 0xA0 || value == 0x1680 ||
         (value >= 0x2000 && value <= 0x200A) || value == 0x2028 || value == 0x2029 || value == 0x202F || value == 0x205F ||
         value == 0x3000;
}

bool isWordCharacter(utf8proc_int32_t value) {
  if (value < 0) return false;
  switch (utf8proc_category(value)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_PC:
      return true;
    default:
      return value == 0x200C || value == 0x200D;  // Join_Control
  }
}

utf8proc_option_t optionsOf(NormalForm form) {
  switch (form) {
    case NormalForm::Composed:
      return UTF8PROC_COMPOSE;
    case NormalForm::Decomposed:
      return UTF8PROC_DECOMPOSE;
    case NormalForm::CompatibilityComposed:
      return static_cast<utf8proc_option_t>(UTF8PROC_COMPOSE | UTF8PROC_COMPAT);
    case NormalForm::CompatibilityDecomposed:
      return static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT);
  }
  throw Error(ErrorCode::Internal, "unknown Unicode normal form");
}

}  // namespace

std::size_t firstCodePointLength(std::string_view text) {
  return text.empty() ? 0 : codePointAt(text, 0).length;
}

std::size_t leadingSpace(std::string_view text) {
  std::size_t offset = 0;
  while (offset < text.size()) {
    const CodePoint point = codePointAt(text, offset);
    if (!isSpace(point.value)) break;
    offset += point.length;
  }
  return offset;
}

std::size_t trailingSpace(std::string_view text) {
  std::size_t taken = 0;
  while (taken < text.size()) {
    const CodePoint point = lastCodePoint(text.substr(0, text.size() - taken));
    if (!isSpace(point.value)) break;
    taken += point.length;
  }
  return taken;
}

bool startsWithWordCharacter(std::string_view text) {
  return !text.empty() && isWordCharacter(codePointAt(text, 0).value);
}

bool endsWithWordCharacter(std::string_view text) {
  return !text.empty() && isWordCharacter(lastCodePoint(text).value);
}

void forEachCodePoint(std::string_view text, const std::function<void(char32_t code, std::string_view bytes)>& visit) {
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = codePointAt(text, at);
    visit(static_cast<char32_t>(point.value), text.substr(at, point.length));
    at += point.length;
  }
}

bool isWhiteSpace(char32_t code) {
  return isSpace(static_cast<utf8proc_int32_t>(code));
}

bool isControlCharacter(char32_t code) {
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(code))) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CO:
      return true;
    default:
      return false;
  }
}

bool isNonSpacingMark(char32_t code) {
  return utf8proc_category(static_cast<utf8proc_int32_t>(code)) == UTF8PROC_CATEGORY_MN;
}

bool isPunctuation(char32_t code) {
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(code))) {
    case UTF8PROC_CATEGORY_PC:
    case UTF8PROC_CATEGORY_PD:
    case UTF8PROC_CATEGORY_PS:
    case UTF8PROC_CATEGORY_PE:
    case UTF8PROC_CATEGORY_PI:
    case UTF8PROC_CATEGORY_PF:
    case UTF8PROC_CATEGORY_PO:
      return true;
    default:
      return false;
  }
}

std::string lowerCase(std::string_view text) {
  constexpr char32_t kCapitalIWithDot = 0x0130;  // the only one whose lower case is two code points
  std::string result;
  result.reserve(text.size());
  forEachCodePoint(text, [&](char32_t code, std::string_view bytes) {
    const utf8proc_int32_t small = utf8proc_tolower(static_cast<utf8proc_int32_t>(code));
    if (code == kCapitalIWithDot) {
      result += "i\u0307";
    } else if (small == static_cast<utf8proc_int32_t>(code)) {
      result += bytes;
    } else {
      utf8proc_uint8_t buffer[4];
      const auto length = static_cast<std::size_t>(utf8proc_encode_char(small, buffer));
      result.append(reinterpret_cast<const char*>(buffer), length);
    }
  });
  return result;
}

std::string normalise(std::string_view text, NormalForm form) {
  if (text.empty()) return {};
  utf8proc_uint8_t* bytes = nullptr;
  const auto options = static_cast<utf8proc_option_t>(optionsOf(form) | UTF8PROC_STABLE);
  const utf8proc_ssize_t size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                             static_cast<utf8proc_ssize_t>(text.size()), &bytes, options);
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(bytes, &std::free);
  if (size < 0) throw Error(ErrorCode::InvalidInput, std::string("text cannot be normalised: ") + utf8proc_errmsg(size));
  return {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

}  // namespace orthoscribe::text
