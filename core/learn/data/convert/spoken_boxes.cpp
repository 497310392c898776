// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/convert/spoken_boxes.h"

#include <cmath>
#include <optional>

#include "core/tasks/dialects/grammar.h"

namespace orthoscribe::learn {
namespace {

std::optional<std::vector<int>> wholeNumbers(std::string_view commaSeparated) {
  const std::optional<std::vector<double>> numbers = tasks::numbersOf(commaSeparated);
  if (!numbers || numbers->size() < 4 || numbers->size() > 5) return std::nullopt;
  std::vector<int> whole;
  for (const double number : *numbers) {
    if (number != std::trunc(number)) return std::nullopt;
    whole.push_back(static_cast<int>(number));
  }
  return whole;
}

}  // namespace

std::vector<SpokenList> boxLists(std::string_view text) {
  std::vector<SpokenList> lists;
  std::size_t open = std::string_view::npos;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '[') open = at;
    if (text[at] != ']' || open == std::string_view::npos) continue;
    if (const auto numbers = wholeNumbers(text.substr(open + 1, at - open - 1))) lists.push_back({*numbers, open, at + 1});
    open = std::string_view::npos;
  }
  return lists;
}

std::string rescaledBoxes(std::string_view text, double width, double height) {
  std::string result;
  std::size_t done = 0;
  for (const SpokenList& list : boxLists(text)) {
    result += text.substr(done, list.begin - done);
    for (std::size_t i = 0; i < list.numbers.size(); ++i) {
      const double side = i % 2 == 0 ? width : height;
      const int number = i < 4 ? static_cast<int>(std::trunc(list.numbers[i] * side / 100.0)) : list.numbers[i];
      result += (i == 0 ? "[" : ", ") + std::to_string(number);
    }
    result += "]";
    done = list.end;
  }
  return result += text.substr(done);
}

bool holdsOnlyBoxes(std::string_view text) {
  std::string rest;
  std::size_t done = 0;
  const std::vector<SpokenList> lists = boxLists(text);
  for (const SpokenList& list : lists) {
    rest += std::string(text.substr(done, list.begin - done)) + " ";
    done = list.end;
  }
  rest += text.substr(done);
  for (std::size_t at = rest.find("and"); at != std::string::npos; at = rest.find("and")) rest.erase(at, 3);
  return !lists.empty() && rest.find_first_not_of(" \t\r\n,;.[]") == std::string::npos;
}

}  // namespace orthoscribe::learn
