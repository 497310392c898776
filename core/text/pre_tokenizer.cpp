// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/text/pre_tokenizer.h"

#include <map>
#include <optional>

#include "core/text/bert_normalizer.h"
#include "core/text/normalizer.h"
#include "core/text/regular_expression.h"
#include "core/text/unicode.h"

namespace orthoscribe::text {

const char* const kGpt2Pattern = R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";

namespace {

enum class Behaviour { Removed, Isolated, MergedWithPrevious, MergedWithNext, Contiguous };

struct Part {
  TextRange range;
  bool matched;
};

std::vector<Part> partsOf(const std::string& text, const std::vector<TextRange>& matches, bool invert) {
  std::vector<Part> parts;
  std::size_t done = 0;
  for (const TextRange& match : matches) {
    if (done < match.begin) parts.push_back({{done, match.begin}, invert});
    parts.push_back({match, !invert});
    done = match.end;
  }
  if (done < text.size()) parts.push_back({{done, text.size()}, invert});
  return parts;
}

// SplitDelimiterBehavior of the tokenizers library.
std::vector<TextRange> joinParts(const std::vector<Part>& parts, Behaviour behaviour) {
  std::vector<TextRange> joined;
  bool previousMatched = false;
  for (const Part& part : parts) {
    const bool first = joined.empty();
    bool append = false;
    switch (behaviour) {
      case Behaviour::Removed:
        if (part.matched) continue;
        break;
      case Behaviour::Isolated:
        break;
      case Behaviour::Contiguous:
        append = !first && part.matched == previousMatched;
        break;
      case Behaviour::MergedWithPrevious:
        append = !first && part.matched && !previousMatched;
        break;
      case Behaviour::MergedWithNext:
        append = !first && !part.matched && previousMatched;
        break;
    }
    if (append) {
      joined.back().end = part.range.end;
    } else {
      joined.push_back(part.range);
    }
    previousMatched = part.matched;
  }
  return joined;
}

class SplitPreTokenizer : public PreTokenizer {
 public:
  SplitPreTokenizer(RegularExpression expression, Behaviour behaviour, bool invert)
      : expression_(std::move(expression)), behaviour_(behaviour), invert_(invert) {}

  void cut(std::vector<std::string>& pieces, bool) const override {
    std::vector<std::string> smaller;
    for (const std::string& piece : pieces) {
      for (const TextRange& range : joinParts(partsOf(piece, expression_.findAll(piece), invert_), behaviour_)) {
        smaller.push_back(piece.substr(range.begin, range.end - range.begin));
      }
    }
    pieces = std::move(smaller);
  }

 private:
  RegularExpression expression_;
  Behaviour behaviour_;
  bool invert_;
};

class ByteLevelPreTokenizer : public PreTokenizer {
 public:
  ByteLevelPreTokenizer(bool addPrefixSpace, bool useRegex) : addPrefixSpace_(addPrefixSpace) {
    if (useRegex) split_.emplace(RegularExpression(kGpt2Pattern, "the GPT-2 pattern"), Behaviour::Isolated, false);
  }

  void cut(std::vector<std::string>& pieces, bool firstIsStart) const override {
    if (addPrefixSpace_) {
      for (std::string& piece : pieces) {
        if (leadingSpace(piece) == 0) piece.insert(piece.begin(), ' ');
      }
    }
    if (split_) split_->cut(pieces, firstIsStart);
  }
  bool isByteLevel() const override { return true; }

 private:
  bool addPrefixSpace_;
  std::optional<SplitPreTokenizer> split_;
};

// SentencePiece's way with spaces: " " becomes the replacement, and a piece begins at each.
class MetaspacePreTokenizer : public PreTokenizer {
 public:
  enum class Prepend { Never, First, Always };

  MetaspacePreTokenizer(std::string replacement, Prepend prepend, bool split)
      : replacement_(std::move(replacement)), prepend_(prepend) {
    if (split) {
      split_.emplace(RegularExpression("\\Q" + replacement_ + "\\E", "pre_tokenizer.replacement"), Behaviour::MergedWithNext,
                     false);
    }
  }

  void cut(std::vector<std::string>& pieces, bool firstIsStart) const override {
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      pieces[i] = replaceAll(std::move(pieces[i]), " ", replacement_);
      const bool wanted = prepend_ == Prepend::Always || (prepend_ == Prepend::First && firstIsStart && i == 0);
      if (wanted && !pieces[i].starts_with(replacement_)) pieces[i].insert(0, replacement_);
    }
    if (split_) split_->cut(pieces, firstIsStart);
  }

 private:
  std::string replacement_;
  Prepend prepend_;
  std::optional<SplitPreTokenizer> split_;
};

class BertPreTokenizer : public PreTokenizer {
 public:
  void cut(std::vector<std::string>& pieces, bool) const override {
    std::vector<std::string> words;
    for (const std::string& piece : pieces) {
      for (std::string& word : bertWords(piece)) words.push_back(std::move(word));
    }
    pieces = std::move(words);
  }
};

class PreTokenizerSequence : public PreTokenizer {
 public:
  explicit PreTokenizerSequence(std::vector<std::unique_ptr<PreTokenizer>> steps) : steps_(std::move(steps)) {}

  void cut(std::vector<std::string>& pieces, bool firstIsStart) const override {
    for (const auto& step : steps_) step->cut(pieces, firstIsStart);
  }
  bool isByteLevel() const override { return !steps_.empty() && steps_.back()->isByteLevel(); }

 private:
  std::vector<std::unique_ptr<PreTokenizer>> steps_;
};

std::unique_ptr<PreTokenizer> makeSequence(const JsonField& parts) {
  std::vector<std::unique_ptr<PreTokenizer>> steps;
  for (std::size_t i = 0; i < parts.arraySize(); ++i) {
    if (!steps.empty() && steps.back()->isByteLevel()) parts.unsupported("a step behind ByteLevel");
    steps.push_back(makePreTokenizer(parts.element(i)));
  }
  return std::make_unique<PreTokenizerSequence>(std::move(steps));
}

std::unique_ptr<PreTokenizer> makeSplit(const JsonField& field) {
  static const std::map<std::string, Behaviour> kBehaviours{{"Removed", Behaviour::Removed},
                                                            {"Isolated", Behaviour::Isolated},
                                                            {"MergedWithPrevious", Behaviour::MergedWithPrevious},
                                                            {"MergedWithNext", Behaviour::MergedWithNext},
                                                            {"Contiguous", Behaviour::Contiguous}};
  const JsonField behaviour = field.member("behavior");
  const auto chosen = kBehaviours.find(behaviour.text());
  if (chosen == kBehaviours.end()) behaviour.unsupported("'" + behaviour.text() + "'");
  const JsonField literal = field.member("pattern").member("String");
  const JsonField regex = field.member("pattern").member("Regex");
  const JsonField& pattern = literal.isNull() ? regex : literal;
  // "\E" cannot be quoted by "\Q...\E".
  if (!literal.isNull() && literal.text().find("\\E") != std::string::npos) literal.unsupported("a literal with \\E");
  const std::string expression = literal.isNull() ? regex.text() : "\\Q" + literal.text() + "\\E";
  return std::make_unique<SplitPreTokenizer>(RegularExpression(expression, pattern.place()), chosen->second,
                                             field.member("invert").flagOr(false));
}

std::unique_ptr<PreTokenizer> makeMetaspace(const JsonField& field) {
  using Prepend = MetaspacePreTokenizer::Prepend;
  static const std::map<std::string, Prepend> kSchemes{
      {"never", Prepend::Never}, {"first", Prepend::First}, {"always", Prepend::Always}};
  const JsonField scheme = field.member("prepend_scheme");
  // Files from before prepend_scheme have add_prefix_space.
  const std::string name = scheme.textOr(field.member("add_prefix_space").flagOr(true) ? "always" : "never");
  const auto chosen = kSchemes.find(name);
  if (chosen == kSchemes.end()) scheme.unsupported("'" + name + "'");
  return std::make_unique<MetaspacePreTokenizer>(field.member("replacement").textOr("\u2581"), chosen->second,
                                                 field.member("split").flagOr(true));
}

}  // namespace

std::unique_ptr<PreTokenizer> makePreTokenizer(const JsonField& field) {
  if (field.isNull()) return std::make_unique<PreTokenizerSequence>(std::vector<std::unique_ptr<PreTokenizer>>{});
  const std::string type = field.member("type").text();
  if (type == "Sequence") return makeSequence(field.member("pretokenizers"));
  if (type == "ByteLevel") {
    return std::make_unique<ByteLevelPreTokenizer>(field.member("add_prefix_space").flagOr(true),
                                                   field.member("use_regex").flagOr(true));
  }
  if (type == "Split") return makeSplit(field);
  if (type == "Digits") {
    const bool single = field.member("individual_digits").flagOr(false);
    return std::make_unique<SplitPreTokenizer>(RegularExpression("\\p{N}", field.place()),
                                               single ? Behaviour::Isolated : Behaviour::Contiguous, false);
  }
  if (type == "Metaspace") return makeMetaspace(field);
  if (type == "BertPreTokenizer") return std::make_unique<BertPreTokenizer>();
  field.unsupported("pre-tokenizer '" + type + "'");
}

}  // namespace orthoscribe::text
