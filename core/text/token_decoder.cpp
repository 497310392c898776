// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/text/token_decoder.h"

#include <utility>

#include "core/base/text_encoding.h"
#include "core/text/bpe_model.h"
#include "core/text/byte_alphabet.h"
#include "core/text/normalizer.h"

namespace orthoscribe::text {
namespace {

// Tokens of bytes that stand together give text if they are valid together; otherwise each of them gives U+FFFD.
void joinByteTokens(std::vector<std::string>& tokens) {
  std::vector<std::string> joined;
  std::string bytes;
  const auto flush = [&] {
    if (bytes.empty()) return;
    if (repairUtf8(bytes) == bytes) {
      joined.push_back(bytes);
    } else {
      joined.insert(joined.end(), bytes.size(), "\uFFFD");
    }
    bytes.clear();
  };
  for (std::string& token : tokens) {
    if (const auto byte = byteOfPiece(token)) {
      bytes += static_cast<char>(*byte);
    } else {
      flush();
      joined.push_back(std::move(token));
    }
  }
  flush();
  tokens = std::move(joined);
}

std::string joinAll(const std::vector<std::string>& tokens) {
  std::string text;
  for (const std::string& token : tokens) text += token;
  return text;
}

void strip(std::string& token, const std::string& content, int atStart, int atEnd) {
  for (int i = 0; i < atStart && token.starts_with(content); ++i) token.erase(0, content.size());
  for (int i = 0; i < atEnd && token.ends_with(content); ++i) token.erase(token.size() - content.size());
}

// The tidying of the tokenizers library's WordPiece decoder, in its order.
std::string withoutSpacesBeforePunctuation(std::string text) {
  constexpr std::pair<const char*, const char*> kTidied[] = {
      {" .", "."},   {" ?", "?"},           {" !", "!"},   {" ,", ","},     {" ' ", "'"},   {" n't", "n't"},
      {" 'm", "'m"}, {" do not", " don't"}, {" 's", "'s"}, {" 've", "'ve"}, {" 're", "'re"}};
  for (const auto& [what, with] : kTidied) text = replaceAll(std::move(text), what, with);
  return text;
}

int countOf(const JsonField& field) {
  return field.isNull() ? 0 : static_cast<int>(field.index());
}

}  // namespace

TokenDecoder::TokenDecoder(const JsonField& field) {
  if (field.isNull()) return;
  if (field.member("type").text() != "Sequence") {
    addStep(field);
    return;
  }
  const JsonField parts = field.member("decoders");
  for (std::size_t i = 0; i < parts.arraySize(); ++i) addStep(parts.element(i));
}

void TokenDecoder::addStep(const JsonField& field) {
  const std::string type = field.member("type").text();
  if (byteLevel_) field.unsupported("a decoder behind ByteLevel");
  if (type == "ByteLevel") {
    byteLevel_ = true;
  } else if (type == "ByteFallback") {
    byteFallback_ = true;
    steps_.push_back(joinByteTokens);
  } else if (type == "Fuse") {
    steps_.push_back([](std::vector<std::string>& tokens) { tokens = {joinAll(tokens)}; });
  } else if (type == "Replace") {
    const Normalizer replace = makeNormalizer(field);
    replacements_.push_back(replace);
    steps_.push_back([replace](std::vector<std::string>& tokens) {
      for (std::string& token : tokens) token = replace(std::move(token));
    });
  } else if (type == "WordPiece") {
    addWordPiece(field);
  } else if (type == "Strip") {
    addStrip(field);
  } else if (type == "Metaspace") {
    const std::string replacement = field.member("replacement").textOr("\u2581");
    const bool prepended =
        field.member("prepend_scheme").textOr("always") != "never" && field.member("add_prefix_space").flagOr(true);
    replacements_.push_back([replacement](std::string token) { return replaceAll(std::move(token), replacement, " "); });
    steps_.push_back([replacement, prepended](std::vector<std::string>& tokens) {
      if (prepended && !tokens.empty()) strip(tokens.front(), replacement, 1, 0);
      for (std::string& token : tokens) token = replaceAll(std::move(token), replacement, " ");
    });
  } else {
    field.unsupported("decoder '" + type + "'");
  }
}

void TokenDecoder::addWordPiece(const JsonField& field) {
  const std::string prefix = field.member("prefix").textOr("##");
  const bool cleanup = field.member("cleanup").flagOr(true);
  const auto written = [prefix, cleanup](const std::string& token, bool isFirst) {
    std::string text = token;
    if (!isFirst && !prefix.empty() && token.starts_with(prefix)) {
      text = token.substr(prefix.size());
    } else if (!isFirst) {
      text = " " + token;
    }
    return cleanup ? withoutSpacesBeforePunctuation(std::move(text)) : text;
  };
  replacements_.push_back([written](const std::string& token) { return written(token, false); });
  steps_.push_back([written](std::vector<std::string>& tokens) {
    for (std::size_t i = 0; i < tokens.size(); ++i) tokens[i] = written(tokens[i], i == 0);
  });
}

void TokenDecoder::addStrip(const JsonField& field) {
  const std::string content = field.member("content").text();
  if (content.empty()) field.member("content").fail("must not be empty");
  const int start = countOf(field.member("start"));
  const int stop = countOf(field.member("stop"));
  steps_.push_back([content, start, stop](std::vector<std::string>& tokens) {
    for (std::string& token : tokens) strip(token, content, start, stop);
  });
}

std::string TokenDecoder::decode(std::vector<std::string> tokens) const {
  for (const Step& step : steps_) step(tokens);
  if (byteLevel_) {
    for (std::string& token : tokens) token = alphabetToBytes(token).value_or(token);
  }
  return repairUtf8(joinAll(tokens));
}

std::string TokenDecoder::bytesOf(const std::string& token) const {
  if (byteLevel_) return alphabetToBytes(token).value_or(token);
  if (byteFallback_) {
    if (const auto byte = byteOfPiece(token)) return {static_cast<char>(*byte)};
  }
  std::string text = token;
  for (const auto& replace : replacements_) text = replace(std::move(text));
  return text;
}

}  // namespace orthoscribe::text
