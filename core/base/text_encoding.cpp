// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/text_encoding.h"

#include <array>
#include <cstdint>

#include "core/base/error.h"

namespace orthoscribe {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<std::int8_t, 256> kBase64Value = [] {
  std::array<std::int8_t, 256> value{};
  value.fill(-1);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i)
    value[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::int8_t>(i);
  return value;
}();

struct Utf8Unit {
  std::size_t length;  // bytes taken
  bool valid;
  bool truncated;  // a correct beginning that the text ends in
};

// Well-formed byte sequences: Unicode 15, table 3-7.
Utf8Unit nextUtf8(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return {1, true, false};
  std::size_t length = 0;
  unsigned char low = 0x80;
  unsigned char high = 0xBF;
  if (first >= 0xC2 && first <= 0xDF) {
    length = 2;
  } else if (first >= 0xE0 && first <= 0xEF) {
    length = 3;
    if (first == 0xE0) low = 0xA0;
    if (first == 0xED) high = 0x9F;
  } else if (first >= 0xF0 && first <= 0xF4) {
    length = 4;
    if (first == 0xF0) low = 0x90;
    if (first == 0xF4) high = 0x8F;
  } else {
    return {1, false, false};
  }
  for (std::size_t i = 1; i < length; ++i) {
    if (i >= text.size()) return {i, false, true};
    if (byte(i) < low || byte(i) > high) return {i, false, false};
    low = 0x80;
    high = 0xBF;
  }
  return {length, true, false};
}

}  // namespace

std::string encodeBase64(std::span<const std::byte> bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    const std::size_t taken = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t j = 0; j < 3; ++j) group = group << 8 | (j < taken ? std::to_integer<std::uint32_t>(bytes[i + j]) : 0);
    for (std::size_t j = 0; j < 4; ++j) text += j <= taken ? kAlphabet[group >> (18 - 6 * j) & 63] : '=';
  }
  return text;
}

std::vector<std::byte> decodeBase64(std::string_view text) {
  std::string_view digits = text;
  for (int i = 0; i < 2 && !digits.empty() && digits.back() == '='; ++i) digits.remove_suffix(1);
  if (digits.size() % 4 == 1)
    throw Error(ErrorCode::InvalidInput, "base64 text has an impossible length of " + std::to_string(text.size()));
  std::vector<std::byte> bytes;
  bytes.reserve(digits.size() / 4 * 3 + 3);
  std::uint32_t group = 0;
  int bits = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const int value = kBase64Value[static_cast<unsigned char>(digits[i])];
    if (value < 0) throw Error(ErrorCode::InvalidInput, "base64 text has a wrong character at offset " + std::to_string(i));
    group = group << 6 | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push_back(static_cast<std::byte>(group >> bits));
    }
  }
  return bytes;
}

std::string repairUtf8(std::string_view text) {
  std::string repaired;
  repaired.reserve(text.size());
  while (!text.empty()) {
    const Utf8Unit unit = nextUtf8(text);
    repaired += unit.valid ? text.substr(0, unit.length) : std::string_view("\xEF\xBF\xBD");
    text.remove_prefix(unit.length);
  }
  return repaired;
}

std::size_t completeUtf8Length(std::string_view text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const Utf8Unit unit = nextUtf8(text.substr(done));
    if (unit.truncated) return done;
    done += unit.length;
  }
  return done;
}

}  // namespace orthoscribe
