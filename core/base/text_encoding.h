// SPDX-License-Identifier: GPL-2.0-or-later
// Encodings of text: base64 (RFC 4648) and UTF-8.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace orthoscribe {

std::string encodeBase64(std::span<const std::byte> bytes);
// Standard alphabet, padding optional, white space not allowed. Throws Error{InvalidInput} with the offset of the first wrong
// character.
std::vector<std::byte> decodeBase64(std::string_view text);

// Invalid UTF-8 replaced by U+FFFD, one for each maximal subpart (Unicode 15, section 3.9).
std::string repairUtf8(std::string_view text);
// Length of the longest prefix that ends on a whole code point; what follows may be completed by later bytes.
std::size_t completeUtf8Length(std::string_view text);

}  // namespace orthoscribe
