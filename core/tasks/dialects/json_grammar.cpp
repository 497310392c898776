// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/tasks/dialects/json_grammar.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "core/base/text_encoding.h"
#include "core/tasks/dialects/grammar.h"

namespace orthoscribe::tasks {
namespace {

constexpr std::size_t kDeepest = 64;

void appendUtf8(std::string& text, std::uint32_t code) {
  const auto byte = [&](std::uint32_t value) { text += static_cast<char>(static_cast<unsigned char>(value)); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xC0 | code >> 6);
    byte(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    byte(0xE0 | code >> 12);
    byte(0x80 | (code >> 6 & 0x3F));
    byte(0x80 | (code & 0x3F));
  } else {
    byte(0xF0 | code >> 18);
    byte(0x80 | (code >> 12 & 0x3F));
    byte(0x80 | (code >> 6 & 0x3F));
    byte(0x80 | (code & 0x3F));
  }
}

// The four digits of \uXXXX at `at`.
std::optional<std::uint32_t> hexUnit(std::string_view text, std::size_t at) {
  if (at > text.size() || text.size() - at < 4) return std::nullopt;
  std::uint32_t value = 0;
  const char* begin = text.data() + at;
  const auto [end, error] = std::from_chars(begin, begin + 4, value, 16);
  if (error != std::errc() || end != begin + 4) return std::nullopt;
  return value;
}

// Contents of a JSON string (without quotes) with its escapes resolved; lone surrogates become U+FFFD.
std::string unescaped(std::string_view raw) {
  std::string result;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '\\' || i + 1 >= raw.size()) {
      result += raw[i];
      continue;
    }
    const char kind = raw[++i];
    if (kind != 'u') {
      const std::size_t known = std::string_view("ntrbf").find(kind);
      result += known == std::string_view::npos ? kind : "\n\t\r\b\f"[known];
      continue;
    }
    const std::optional<std::uint32_t> unit = hexUnit(raw, i + 1);
    if (!unit) {
      result += kind;
      continue;
    }
    i += 4;
    std::uint32_t code = *unit;
    if (code >= 0xD800 && code < 0xE000) {
      const bool pair = code < 0xDC00 && raw.substr(i + 1).starts_with("\\u");
      const std::optional<std::uint32_t> low = pair ? hexUnit(raw, i + 3) : std::nullopt;
      if (low && *low >= 0xDC00 && *low < 0xE000) {
        code = 0x10000 + ((code - 0xD800) << 10) + (*low - 0xDC00);
        i += 6;
      } else {
        code = 0xFFFD;
      }
    }
    appendUtf8(result, code);
  }
  return result;
}

// An object whose brace is still open.
struct OpenObject {
  std::size_t begin = 0;
  std::string key;
  bool valueFollows = false;
  bool anyKey = false;
  bool boxSaid = false;
  bool broken = false;
  bool holdsEntries = false;
  std::vector<double> numbers;
  std::string label;
  TextSpan numbersAt;
  TextSpan labelAt;
};

class Scanner {
 public:
  Scanner(std::string_view text, std::initializer_list<std::string_view> boxKeys) : text_(text), boxKeys_(boxKeys) {}

  JsonScan run(bool final) {
    std::size_t at = 0;
    while (at < text_.size()) at = open_.empty() ? outside(at) : inside(at);
    if (!open_.empty() && final && !open_.back().holdsEntries) {
      result_.dropped.push_back({open_.back().begin, text_.size(), "cut short"});
    }
    result_.consumed = open_.empty() ? text_.size() : open_.front().begin;
    return std::move(result_);
  }

 private:
  std::size_t outside(std::size_t at) {
    const std::size_t brace = text_.find('{', at);
    if (brace == std::string_view::npos) return text_.size();
    open_.emplace_back().begin = brace;
    return brace + 1;
  }

  // Returns where to go on.
  std::size_t inside(std::size_t at) {
    OpenObject& object = open_.back();
    switch (text_[at]) {
      case '"':
      case '\'':
        return readString(object, at);
      case ':':
        object.valueFollows = true;
        object.anyKey = true;
        return at + 1;
      case ',':
        object.valueFollows = false;
        object.key.clear();
        return at + 1;
      case '[':
      case '(':
        return object.valueFollows && isBoxKey(object.key) ? readNumbers(object, at) : at + 1;
      case '{':
        if (open_.size() < kDeepest) {
          open_.emplace_back().begin = at;
        } else {
          ++tooDeep_;
        }
        return at + 1;
      case '}':
        if (tooDeep_ > 0) {
          --tooDeep_;
        } else {
          closeObject(at + 1);
        }
        return at + 1;
      default:
        return at + 1;
    }
  }

  bool isBoxKey(std::string_view key) const { return std::find(boxKeys_.begin(), boxKeys_.end(), key) != boxKeys_.end(); }

  std::size_t readString(OpenObject& object, std::size_t at) {
    const char quote = text_[at];
    std::size_t end = at + 1;
    while (end < text_.size() && text_[end] != quote && text_[end] != '\n') end += text_[end] == '\\' ? 2 : 1;
    if (end >= text_.size()) return text_.size();
    if (text_[end] == '\n') {  // never in a JSON string: a quote was forgotten
      object.broken = true;
      return end + 1;
    }
    std::string content = unescaped(text_.substr(at + 1, end - at - 1));
    if (!object.valueFollows) {
      object.key = std::move(content);
    } else {
      if (isBoxKey(object.key)) object.boxSaid = object.broken = true;
      if (object.key == "label") {
        object.label = trimmed(content);
        object.labelAt = {at + 1, end};
      }
      object.valueFollows = false;
    }
    return end + 1;
  }

  std::size_t readNumbers(OpenObject& object, std::size_t at) {
    std::size_t begin = at;
    while (begin < text_.size() && (text_[begin] == '[' || text_[begin] == '(' || isBlank(text_[begin]))) ++begin;
    const std::size_t end = text_.find_first_of("])[({}\"'", begin);
    if (end == std::string_view::npos) return text_.size();
    object.valueFollows = false;
    object.boxSaid = true;
    const bool closed = text_[end] == ']' || text_[end] == ')';
    std::optional<std::vector<double>> numbers = closed ? numbersOf(text_.substr(begin, end - begin)) : std::nullopt;
    if (numbers) {
      object.numbers = std::move(*numbers);
      object.numbersAt = {begin, end};
    } else {
      object.broken = true;
    }
    return closed ? end + 1 : end;
  }

  void closeObject(std::size_t end) {
    OpenObject object = std::move(open_.back());
    open_.pop_back();
    if (object.boxSaid && !object.broken) {
      result_.entries.push_back(
          {std::move(object.numbers), std::move(object.label), object.begin, end, object.numbersAt, object.labelAt});
      for (OpenObject& outer : open_) outer.holdsEntries = true;
    } else if (object.boxSaid || (open_.empty() && object.anyKey && !object.holdsEntries)) {
      result_.dropped.push_back({object.begin, end, object.boxSaid ? "not made of numbers" : "no box"});
      if (!open_.empty()) open_.back().holdsEntries = true;  // counted once
    }
  }

  std::string_view text_;
  std::initializer_list<std::string_view> boxKeys_;
  std::vector<OpenObject> open_;
  std::size_t tooDeep_ = 0;
  JsonScan result_;
};

}  // namespace

JsonScan scanJson(std::string_view text, std::initializer_list<std::string_view> boxKeys, bool final) {
  return Scanner(text, boxKeys).run(final);
}

std::string jsonString(std::string_view text) {
  return nlohmann::json(repairUtf8(text)).dump();
}

}  // namespace orthoscribe::tasks
