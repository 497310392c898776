// SPDX-License-Identifier: GPL-2.0-or-later
#include <cctype>

#include "core/learn/metrics/report/markup.h"

namespace orthoscribe::learn::report {
namespace {

constexpr double kBarWidth = 160;

bool isNumber(const std::string& text) {
  if (text.empty() || text == "-") return true;
  const auto first = static_cast<unsigned char>(text.front() == '-' || text.front() == '+' ? text[1] : text.front());
  return std::isdigit(first) != 0;
}

std::string heading(const std::string& title) {
  return title.empty() ? "" : "<h3>" + escaped(title) + "</h3>";
}

std::string noteMarkup(const std::string& note) {
  return note.empty() ? "" : "<p class=\"note\">" + escaped(note) + "</p>";
}

}  // namespace

std::string scoreBarMarkup(const Score& score) {
  const Interval interval = score.interval();
  const auto at = [](double share) { return number(kBarWidth * share, 1); };
  return "<svg class=\"bar\" width=\"160\" height=\"14\" viewBox=\"0 0 160 14\" role=\"img\" aria-label=\"" +
         percentText(score.share()) + "\"><rect class=\"track\" y=\"3\" width=\"160\" height=\"8\" rx=\"2\"/>" +
         "<rect class=\"fill\" y=\"3\" width=\"" + at(score.share()) + "\" height=\"8\" rx=\"2\"/>" +
         "<path class=\"whisker\" d=\"M" + at(interval.low) + " 7H" + at(interval.high) + "M" + at(interval.low) + " 3v8M" +
         at(interval.high) + " 3v8\"/></svg>";
}

std::string scoreTableMarkup(const ScoreTable& table) {
  std::string markup = heading(table.title) +
                       "<div class=\"scroll\"><table><thead><tr><th></th><th class=\"n\">Right</th><th></th>"
                       "<th class=\"n\">95 % interval</th><th class=\"n\">Count</th></tr></thead><tbody>";
  for (const auto& [name, score] : table.rows) {
    markup += "<tr><td>" + escaped(name) + "</td>";
    if (score.asked == 0) {
      markup += "<td class=\"n\">-</td><td></td><td></td><td class=\"n\">0</td></tr>";
      continue;
    }
    markup += "<td class=\"n strong\">" + percentText(score.share()) + "</td><td>" + scoreBarMarkup(score) +
              "</td><td class=\"n\">" + intervalText(score.interval()) + "</td><td class=\"n\">" + std::to_string(score.right) +
              " of " + std::to_string(score.asked) + "</td></tr>";
  }
  return markup + "</tbody></table></div>" + noteMarkup(table.note);
}

std::string textTableMarkup(const TextTable& table) {
  std::vector<bool> numbers(table.headers.size(), true);
  for (const auto& row : table.rows) {
    for (std::size_t column = 0; column < row.size() && column < numbers.size(); ++column)
      numbers[column] = numbers[column] && isNumber(row[column]);
  }
  const auto cell = [&](const char* tag, std::size_t column, const std::string& text) {
    const bool right = column < numbers.size() && numbers[column];
    return std::string("<") + tag + (right ? " class=\"n\">" : ">") + escaped(text) + "</" + tag + ">";
  };
  std::string markup = heading(table.title) + "<div class=\"scroll\"><table><thead><tr>";
  for (std::size_t column = 0; column < table.headers.size(); ++column) markup += cell("th", column, table.headers[column]);
  markup += "</tr></thead><tbody>";
  for (const auto& row : table.rows) {
    markup += "<tr>";
    for (std::size_t column = 0; column < row.size(); ++column) markup += cell("td", column, row[column]);
    markup += "</tr>";
  }
  return markup + "</tbody></table></div>" + noteMarkup(table.note);
}

}  // namespace orthoscribe::learn::report
