// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/text/byte_alphabet.h"

#include <array>

namespace orthoscribe::text {
namespace {

constexpr bool standsForItself(unsigned byte) {
  return (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
}

constexpr std::size_t kCodePoints = 256 + 68;

struct Alphabet {
  std::array<std::uint16_t, 256> codePointOf{};
  std::array<std::int16_t, kCodePoints> byteOf{};
};

constexpr Alphabet kAlphabet = [] {
  Alphabet alphabet;
  alphabet.byteOf.fill(-1);
  std::uint16_t next = 256;
  for (unsigned byte = 0; byte < 256; ++byte) {
    const std::uint16_t codePoint = standsForItself(byte) ? static_cast<std::uint16_t>(byte) : next++;
    alphabet.codePointOf[byte] = codePoint;
    alphabet.byteOf[codePoint] = static_cast<std::int16_t>(byte);
  }
  return alphabet;
}();

}  // namespace

std::string characterOfByte(std::uint8_t byte) {
  const unsigned codePoint = kAlphabet.codePointOf[byte];
  if (codePoint < 0x80) return {static_cast<char>(codePoint)};
  return {static_cast<char>(0xC0 | codePoint >> 6), static_cast<char>(0x80 | (codePoint & 0x3F))};
}

std::string bytesToAlphabet(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) text += characterOfByte(static_cast<std::uint8_t>(byte));
  return text;
}

std::optional<std::string> alphabetToBytes(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned codePoint = static_cast<unsigned char>(text[i]);
    if (codePoint >= 0x80) {
      // Every character of the alphabet has one or two bytes in UTF-8.
      if ((codePoint & 0xE0) != 0xC0 || i + 1 == text.size()) return std::nullopt;
      codePoint = (codePoint & 0x1F) << 6 | (static_cast<unsigned char>(text[++i]) & 0x3F);
    }
    if (codePoint >= kCodePoints || kAlphabet.byteOf[codePoint] < 0) return std::nullopt;
    bytes += static_cast<char>(kAlphabet.byteOf[codePoint]);
  }
  return bytes;
}

}  // namespace orthoscribe::text
