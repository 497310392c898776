// SPDX-License-Identifier: GPL-2.0-or-later
// How byte-level BPE writes bytes in its vocabulary: printable Latin-1 characters stand for themselves, the other 68 bytes, in
// order, for U+0100 and up (bytes_to_unicode of the GPT-2 encoder; Radford et al. 2019).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace orthoscribe::text {

// UTF-8 of the character that stands for the byte.
std::string characterOfByte(std::uint8_t byte);

std::string bytesToAlphabet(std::string_view bytes);
// Nothing when a character stands for no byte.
std::optional<std::string> alphabetToBytes(std::string_view text);

}  // namespace orthoscribe::text
