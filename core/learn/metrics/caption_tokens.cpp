// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/metrics/caption_tokens.h"

#include <array>
#include <cctype>
#include <cstddef>

namespace orthoscribe::learn {
namespace {

constexpr std::string_view kDropped = "'\"`.?!,:;-";
constexpr std::array<std::string_view, 6> kClitics = {"'s", "'re", "'ve", "'ll", "'d", "'m"};

// Bytes of UTF-8 beyond ASCII are letters here.
bool isLetter(unsigned char byte) {
  return byte >= 0x80 || std::isalpha(byte) != 0;
}
bool isDigit(unsigned char byte) {
  return std::isdigit(byte) != 0;
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::string read() {
    while (at_ < text_.size()) {
      const auto byte = static_cast<unsigned char>(text_[at_]);
      if (isLetter(byte) || isDigit(byte)) {
        addWord(takeWord());
        continue;
      }
      ++at_;
      if (std::isspace(byte) == 0 && kDropped.find(static_cast<char>(byte)) == std::string_view::npos)
        add(bracketName(static_cast<char>(byte)));
    }
    return std::move(tokens_);
  }

 private:
  // Letters and digits, with what joins them from within.
  std::string takeWord() {
    std::string word;
    while (at_ < text_.size()) {
      const auto byte = static_cast<unsigned char>(text_[at_]);
      if (!isLetter(byte) && !isDigit(byte) && !joins(byte)) break;
      word += static_cast<char>(byte < 0x80 ? std::tolower(byte) : byte);
      ++at_;
    }
    return word;
  }

  bool joins(unsigned char byte) const {
    if (at_ == 0 || at_ + 1 >= text_.size()) return false;
    const auto before = static_cast<unsigned char>(text_[at_ - 1]);
    const auto after = static_cast<unsigned char>(text_[at_ + 1]);
    if (byte == '-' || byte == '\'') return (isLetter(before) || isDigit(before)) && (isLetter(after) || isDigit(after));
    return (byte == '.' || byte == ',' || byte == ':') && isDigit(before) && isDigit(after);
  }

  // Brackets are escaped before the marks to drop are looked for, and stay.
  static std::string bracketName(char symbol) {
    switch (symbol) {
      case '(':
        return "-lrb-";
      case ')':
        return "-rrb-";
      case '[':
        return "-lsb-";
      case ']':
        return "-rsb-";
      case '{':
        return "-lcb-";
      case '}':
        return "-rcb-";
      default:
        return std::string(1, symbol);
    }
  }

  void addWord(const std::string& word) {
    if (word == "cannot") {
      add("can");
      return add("not");
    }
    if (word.size() > 3 && word.ends_with("n't")) {
      add(word.substr(0, word.size() - 3));
      return add("n't");
    }
    for (const std::string_view clitic : kClitics) {
      if (word.size() <= clitic.size() || !word.ends_with(clitic)) continue;
      add(word.substr(0, word.size() - clitic.size()));
      return add(std::string(clitic));
    }
    add(word);
  }

  void add(const std::string& token) {
    if (!tokens_.empty()) tokens_ += ' ';
    tokens_ += token;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string tokens_;
};

}  // namespace

std::string captionTokens(std::string_view text) {
  return Reader(text).read();
}

}  // namespace orthoscribe::learn
