// SPDX-License-Identifier: GPL-2.0-or-later
// Words and sentences of captions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace orthoscribe::engine {

// Without white space at both ends.
std::string trimmedText(std::string_view text);

// Lower-case runs of letters, digits and apostrophes; bytes outside ASCII count as letters. Numbers keep their point and lose
// their commas: "3,000" is "3000", "0.5" itself.
std::vector<std::string> wordsOf(std::string_view text);

// Sentences with their full stop, trimmed: what ends with . ! or ? before white space, or with a line.
std::vector<std::string> sentencesOf(std::string_view text);

// "7" for "seven" and for "7", empty for what is no number: zero to twenty, tens, hundred, thousand, dozen.
std::string numberOf(const std::string& word);

}  // namespace orthoscribe::engine
