// SPDX-License-Identifier: GPL-2.0-or-later
// A tokenizer of bytes and a few named tokens, and a network that continues a script, so that generation is tested without
// weights.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "core/text/chat_template.h"
#include "core/text/tokenizer.h"

namespace orthoscribe::engine {

class ByteTokenizer : public text::Tokenizer {
 public:
  static constexpr std::array<std::string_view, 5> kNamed = {"<end>", "<img>", "<IMG_CONTEXT>", "</img>", "<box>"};
  static constexpr text::TokenId kEnd = 256;
  static constexpr text::TokenId kImageRow = 258;
  static constexpr text::TokenId kBox = 260;
  static constexpr std::int64_t kSize = 256 + static_cast<std::int64_t>(kNamed.size());

  std::vector<text::TokenId> encode(std::string_view text, bool addSpecial) const override {
    std::vector<text::TokenId> ids;
    if (addSpecial) ids.push_back(1);
    while (!text.empty()) {
      bool found = false;
      for (std::size_t i = 0; i < kNamed.size() && !found; ++i) {
        if (!text.starts_with(kNamed[i])) continue;
        ids.push_back(256 + static_cast<text::TokenId>(i));
        text.remove_prefix(kNamed[i].size());
        found = true;
      }
      if (found) continue;
      ids.push_back(static_cast<unsigned char>(text.front()));
      text.remove_prefix(1);
    }
    return ids;
  }

  std::string decode(std::span<const text::TokenId> ids, bool skipSpecial) const override {
    std::string text;
    for (const text::TokenId id : ids) text += tokenBytes(id, !skipSpecial);
    return text;
  }

  std::string tokenBytes(text::TokenId id, bool keepSpecial) const override {
    if (id < 256) return std::string(1, static_cast<char>(id));
    return keepSpecial && id < kSize ? std::string(kNamed[static_cast<std::size_t>(id - 256)]) : std::string();
  }

  std::optional<text::TokenId> idOf(std::string_view token) const override {
    for (std::size_t i = 0; i < kNamed.size(); ++i)
      if (kNamed[i] == token) return 256 + static_cast<text::TokenId>(i);
    return token.size() == 1 ? std::optional<text::TokenId>(static_cast<unsigned char>(token.front())) : std::nullopt;
  }
  bool isSpecial(text::TokenId id) const override { return id >= 256; }
  std::int64_t size() const override { return kSize; }
};

// "role:text;" for each turn, and "assistant:" to answer.
class ColonTemplate : public text::ChatTemplate {
 public:
  std::string_view name() const override { return "colon"; }
  std::string render(const std::vector<text::Turn>& turns, bool addGenerationPrompt) const override {
    std::string text;
    for (const text::Turn& turn : turns) text += turn.role + ":" + turn.text + ";";
    return addGenerationPrompt ? text + "assistant:" : text;
  }
  std::vector<std::string> stopTexts() const override { return {"<end>"}; }
};

}  // namespace orthoscribe::engine
