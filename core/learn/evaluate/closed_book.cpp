// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/evaluate/closed_book.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <sstream>
#include <vector>

#include "core/base/text_encoding.h"
#include "core/text/unicode.h"

namespace orthoscribe::learn {
namespace {

constexpr double kTolerance = 0.01;

struct Unit {
  std::string_view name;
  char dimension;  // l: length, t: time
  double factor;   // in metres or days
};
constexpr std::array<Unit, 25> kUnits = {
    {{"nm", 'l', 1e-9},       {"nanometre", 'l', 1e-9},  {"nanometer", 'l', 1e-9},  {"um", 'l', 1e-6},
     {"\u00b5m", 'l', 1e-6},  {"\u03bcm", 'l', 1e-6},    {"micrometre", 'l', 1e-6}, {"micrometer", 'l', 1e-6},
     {"micron", 'l', 1e-6},   {"mm", 'l', 1e-3},         {"millimetre", 'l', 1e-3}, {"millimeter", 'l', 1e-3},
     {"cm", 'l', 1e-2},       {"centimetre", 'l', 1e-2}, {"centimeter", 'l', 1e-2}, {"m", 'l', 1},
     {"metre", 'l', 1},       {"meter", 'l', 1},         {"km", 'l', 1e3},          {"kilometre", 'l', 1e3},
     {"kilometer", 'l', 1e3}, {"h", 't', 1.0 / 24},      {"hour", 't', 1.0 / 24},   {"day", 't', 1},
     {"week", 't', 7}}};

const Unit* unitNamed(std::string word) {
  const auto find = [&] {
    return std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& unit) { return unit.name == word; });
  };
  auto unit = find();
  if (unit == kUnits.end() && word.size() > 3 && word.ends_with('s')) {
    word.pop_back();
    unit = find();
  }
  return unit == kUnits.end() ? nullptr : &*unit;
}

struct Quantity {
  double value = 0;
  const Unit* unit = nullptr;
};

// The only number of a text with the word behind it; nothing when there is none, or more than one.
std::optional<Quantity> quantityIn(const std::string& form) {
  std::istringstream words(form);
  std::optional<Quantity> quantity;
  bool unitMayFollow = false;
  for (std::string word; words >> word;) {
    char* end = nullptr;
    const double value = std::strtod(word.c_str(), &end);
    const bool number =
        end != word.c_str() && (std::isdigit(static_cast<unsigned char>(word.front())) != 0 || word.front() == '-');
    if (number && quantity) return std::nullopt;
    if (number) quantity = Quantity{value, *end != '\0' ? unitNamed(end) : nullptr};
    if (!number && unitMayFollow && !quantity->unit) quantity->unit = unitNamed(word);
    unitMayFollow = number;
  }
  return quantity;
}

bool sameQuantity(const Quantity& said, const Quantity& truth) {
  double value = said.value;
  if (said.unit && truth.unit) {
    if (said.unit->dimension != truth.unit->dimension) return false;
    value *= said.unit->factor / truth.unit->factor;
  } else if (said.unit) {
    return false;
  }
  return std::abs(value - truth.value) <= kTolerance * std::abs(truth.value) + 1e-12;
}

// Parts between commas and "and", sorted.
std::vector<std::string> listOf(std::string_view text) {
  std::string commas = text::lowerCase(repairUtf8(text));
  for (std::size_t at; (at = commas.find(" and ")) != std::string::npos;) commas.replace(at, 5, ", ");
  std::istringstream stream(commas);
  std::vector<std::string> parts;
  for (std::string part; std::getline(stream, part, ',');) {
    part = closedBookForm(part);
    if (!part.empty()) parts.push_back(part);
  }
  std::sort(parts.begin(), parts.end());
  return parts;
}

bool matches(std::string_view answer, const std::string& truth) {
  if (closedBookForm(answer) == closedBookForm(truth)) return true;
  return truth.find(',') != std::string::npos && listOf(answer) == listOf(truth);
}

// "B", "(b)", "B) red", "B. red", "B: red".
std::optional<std::size_t> letterOf(std::string_view answer, std::size_t choices) {
  std::size_t at = answer.find_first_not_of(" \t\n\r(");
  if (at == std::string_view::npos) return std::nullopt;
  const auto index = static_cast<std::size_t>(std::toupper(static_cast<unsigned char>(answer[at])) - 'A');
  if (index >= choices) return std::nullopt;
  const std::string_view rest = answer.substr(at + 1);
  const bool alone = rest.find_first_not_of(" \t\n\r).:") == std::string_view::npos;
  if (!alone && std::string_view(").:").find(rest.front()) == std::string_view::npos) return std::nullopt;
  return index;
}

// Case and blanks apart: formulas differ by nothing but their marks.
std::string tight(std::string_view text) {
  std::string letters = text::lowerCase(repairUtf8(text));
  std::erase_if(letters, [](unsigned char byte) { return std::isspace(byte) != 0; });
  return letters;
}

bool choiceRight(const BenchmarkQuestion& question, std::string_view answer) {
  // An option's text may look like a letter: what is an option word for word is that option.
  for (const std::string& choice : question.choices) {
    if (tight(answer) == tight(choice)) return choice == question.answer;
  }
  if (const auto letter = letterOf(answer, question.choices.size())) return question.choices[*letter] == question.answer;
  const auto alike = std::count_if(question.choices.begin(), question.choices.end(),
                                   [&](const std::string& choice) { return matches(answer, choice); });
  return alike == 1 && matches(answer, question.answer);
}

bool booleanRight(const BenchmarkQuestion& question, std::string_view answer) {
  const std::string form = closedBookForm(answer);
  const std::string word = form.substr(0, form.find(' '));
  const std::string said = word == "true" ? "yes" : word == "false" ? "no" : word;
  const std::string truth = closedBookForm(question.answer);
  return said == (truth == "true" ? "yes" : truth == "false" ? "no" : truth);
}

bool numberRight(const BenchmarkQuestion& question, std::string_view answer) {
  const auto truth = quantityIn(closedBookForm(question.answer));
  const auto said = quantityIn(closedBookForm(answer));
  return truth && said && sameQuantity(*said, *truth);
}

}  // namespace

std::string closedBookForm(std::string_view text) {
  const std::string lower = text::lowerCase(repairUtf8(text));
  std::string plain;
  for (std::size_t at = 0; at < lower.size(); ++at) {
    const auto byte = static_cast<unsigned char>(lower[at]);
    const bool digitAfter = at + 1 < lower.size() && std::isdigit(static_cast<unsigned char>(lower[at + 1])) != 0;
    const bool digitBefore = at > 0 && std::isdigit(static_cast<unsigned char>(lower[at - 1])) != 0;
    if (byte >= 0x80 || std::isalnum(byte) != 0 || (byte == '.' && digitAfter) || byte == '+') {
      plain += lower[at];
    } else if (byte == '-' && digitAfter && (at == 0 || lower[at - 1] == ' ')) {
      plain += '-';
    } else if (byte == ',' && digitAfter && digitBefore) {
      continue;
    } else if (byte != '\'' && byte != '.') {
      plain += ' ';
    }
  }
  std::istringstream words(plain);
  std::string form;
  std::string whole;
  for (std::string word; words >> word;) {
    whole += (whole.empty() ? "" : " ") + word;
    if (word == "a" || word == "an" || word == "the") continue;
    form += (form.empty() ? "" : " ") + word;
  }
  // "A" by itself is a symbol, not an article.
  return form.empty() ? whole : form;
}

bool closedBookRight(const BenchmarkQuestion& question, std::string_view answer) {
  if (question.type == QuestionType::Choice) return choiceRight(question, answer);
  if (question.type == QuestionType::Boolean) return booleanRight(question, answer);
  if (question.type == QuestionType::Numeric) return numberRight(question, answer);
  return matches(answer, question.answer) || std::any_of(question.aliases.begin(), question.aliases.end(),
                                                         [&](const std::string& alias) { return matches(answer, alias); });
}

}  // namespace orthoscribe::learn
