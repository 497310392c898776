// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <numeric>

#include "core/learn/metrics/report/markup.h"

namespace orthoscribe::learn::report {
namespace {

constexpr double kCell = 26;
constexpr double kLetter = 6.3;  // mean width of a letter of the labels
constexpr double kSlant = 0.71;  // sine of the 45 degrees that the upper labels stand at

double longest(const std::vector<std::string>& labels) {
  std::size_t letters = 4;
  for (const std::string& label : labels) letters = std::max(letters, label.size());
  return kLetter * static_cast<double>(std::min<std::size_t>(letters, 28)) + 10;
}

std::string cellMarkup(double left, double top, int count, int ofRow, const std::string& told, bool diagonal) {
  const double share = ofRow > 0 ? static_cast<double>(count) / ofRow : 0;
  std::string markup = "<g><title>" + escaped(told) + ": " + std::to_string(count) + "</title><rect class=\"cell\" x=\"" +
                       number(left) + "\" y=\"" + number(top) + "\" width=\"25\" height=\"25\"/>";
  if (count == 0) return markup + "</g>";
  markup += std::string("<rect class=\"") + (diagonal ? "hit" : "slip") + "\" x=\"" + number(left) + "\" y=\"" + number(top) +
            "\" width=\"25\" height=\"25\" fill-opacity=\"" + number(0.15 + 0.85 * share) + "\"/>";
  return markup + "<text class=\"" + (share > 0.55 ? "count onfill" : "count") + "\" text-anchor=\"middle\" x=\"" +
         number(left + 12.5) + "\" y=\"" + number(top + 16.5) + "\">" + std::to_string(count) + "</text></g>";
}

}  // namespace

std::string matrixFigure(const ConfusionMatrix& matrix) {
  const double left = longest(matrix.truths);
  const double top = longest(matrix.answers) * kSlant + 12;
  const double width = left + kCell * static_cast<double>(matrix.answers.size()) + longest(matrix.answers) * kSlant;
  const double height = top + kCell * static_cast<double>(matrix.truths.size()) + 6;
  std::string cells;
  for (std::size_t column = 0; column < matrix.answers.size(); ++column) {
    const double at = left + kCell * static_cast<double>(column) + 15;
    cells += "<text class=\"tick\" transform=\"translate(" + number(at) + " " + number(top - 6) + ") rotate(-45)\">" +
             escaped(matrix.answers[column]) + "</text>";
  }
  for (std::size_t row = 0; row < matrix.truths.size(); ++row) {
    const double y = top + kCell * static_cast<double>(row);
    const int all = std::accumulate(matrix.counts[row].begin(), matrix.counts[row].end(), 0);
    cells += "<text class=\"tick\" text-anchor=\"end\" x=\"" + number(left - 7) + "\" y=\"" + number(y + 17) + "\">" +
             escaped(matrix.truths[row]) + "</text>";
    for (std::size_t column = 0; column < matrix.counts[row].size(); ++column) {
      const std::string told = matrix.truths[row] + " taken for " + matrix.answers[column];
      cells += cellMarkup(left + kCell * static_cast<double>(column), y, matrix.counts[row][column], all, told,
                          matrix.answers[column] == matrix.truths[row]);
    }
  }
  return "<figure class=\"plot\"><figcaption>" + escaped(matrix.title) +
         "</figcaption><div class=\"scroll\"><svg class=\"matrix\" width=\"" + number(width, 0) + "\" height=\"" +
         number(height, 0) + "\" viewBox=\"0 0 " + number(width, 0) + " " + number(height, 0) + "\" role=\"img\" aria-label=\"" +
         escaped(matrix.title) + "\">" + cells + "</svg></div></figure>";
}

}  // namespace orthoscribe::learn::report
