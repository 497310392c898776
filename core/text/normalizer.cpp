// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/text/normalizer.h"

#include <map>
#include <vector>

#include "core/text/bert_normalizer.h"
#include "core/text/regular_expression.h"
#include "core/text/unicode.h"

namespace orthoscribe::text {
namespace {

Normalizer makeSequence(const JsonField& parts) {
  std::vector<Normalizer> steps;
  for (std::size_t i = 0; i < parts.arraySize(); ++i) steps.push_back(makeNormalizer(parts.element(i)));
  return [steps](std::string text) {
    for (const Normalizer& step : steps) text = step(std::move(text));
    return text;
  };
}

Normalizer makePrepend(const JsonField& field) {
  return [prefix = field.member("prepend").text()](std::string text) { return text.empty() ? text : prefix + text; };
}

Normalizer makeReplace(const JsonField& field) {
  const std::string content = field.member("content").text();
  const JsonField pattern = field.member("pattern");
  if (const JsonField literal = pattern.member("String"); !literal.isNull()) {
    if (literal.text().empty()) literal.fail("must not be empty");
    return [what = literal.text(), content](std::string text) { return replaceAll(std::move(text), what, content); };
  }
  const JsonField regex = pattern.member("Regex");
  return [expression = RegularExpression(regex.text(), regex.place()), content](const std::string& text) {
    std::string replaced;
    std::size_t done = 0;
    for (const TextRange& range : expression.findAll(text)) {
      replaced += text.substr(done, range.begin - done) + content;
      done = range.end;
    }
    return replaced + text.substr(done);
  };
}

}  // namespace

std::string replaceAll(std::string text, const std::string& what, const std::string& with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

Normalizer makeNormalizer(const JsonField& field) {
  if (field.isNull()) return [](std::string text) { return text; };
  static const std::map<std::string, NormalForm> kForms{{"NFC", NormalForm::Composed},
                                                        {"NFD", NormalForm::Decomposed},
                                                        {"NFKC", NormalForm::CompatibilityComposed},
                                                        {"NFKD", NormalForm::CompatibilityDecomposed}};
  const std::string type = field.member("type").text();
  if (const auto form = kForms.find(type); form != kForms.end()) {
    return [chosen = form->second](const std::string& text) { return normalise(text, chosen); };
  }
  if (type == "Sequence") return makeSequence(field.member("normalizers"));
  if (type == "Prepend") return makePrepend(field);
  if (type == "Replace") return makeReplace(field);
  if (type == "Lowercase") return [](const std::string& text) { return lowerCase(text); };
  if (type == "BertNormalizer") return makeBertNormalizer(field);
  field.unsupported("normalizer '" + type + "'");
}

}  // namespace orthoscribe::text
