// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "core/base/version.h"
#include "core/learn/metrics/report/markup.h"

namespace orthoscribe::learn {
namespace {

using report::escaped;

std::string overviewTile(const ReportSection& section, std::size_t index) {
  std::string value;
  std::string below;
  if (section.headline) {
    const Score& score = section.headline->second;
    value = percentText(score.share());
    below = escaped(section.headline->first) + "</span><span>" + intervalText(score.interval()) + ", " +
            std::to_string(score.right) + " of " + std::to_string(score.asked);
  } else if (section.figure) {
    value = escaped(section.figure->second);
    below = escaped(section.figure->first);
  } else {
    return {};
  }
  return "<a class=\"tile\" href=\"#part" + std::to_string(index) + "\"><span>" + escaped(section.title) + "</span><b>" + value +
         "</b><span>" + below + "</span></a>";
}

std::string casesMarkup(const std::vector<PicturedCase>& cases) {
  if (cases.empty()) return {};
  const bool boxes =
      std::any_of(cases.begin(), cases.end(), [](const PicturedCase& one) { return !one.truth.empty() || !one.found.empty(); });
  std::string markup = "<h3>Worst cases</h3>";
  if (boxes) markup += "<p class=\"key\"><i class=\"kt\"></i>truth<i class=\"kf\"></i>answer</p>";
  markup += "<div class=\"cases\">";
  for (const PicturedCase& one : cases) markup += report::pictureFigure(one);
  return markup + "</div>";
}

std::string sectionMarkup(const ReportSection& section, std::size_t index) {
  std::string markup = "<section id=\"part" + std::to_string(index) + "\"><h2>" + escaped(section.title) + "</h2>";
  if (!section.note.empty()) markup += "<p class=\"note\">" + escaped(section.note) + "</p>";
  for (const ScoreTable& table : section.scores) markup += report::scoreTableMarkup(table);
  for (const TextTable& table : section.tables) markup += report::textTableMarkup(table);
  if (!section.plots.empty() || !section.matrices.empty()) {
    markup += "<div class=\"figures\">";
    for (const CurvePlot& plot : section.plots) markup += report::curveFigure(plot);
    for (const ConfusionMatrix& matrix : section.matrices) markup += report::matrixFigure(matrix);
    markup += "</div>";
  }
  return markup + casesMarkup(section.cases) + "</section>";
}

}  // namespace

std::string evaluationHtml(const EvaluationPage& page) {
  std::string html =
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
      // Nothing may be fetched: the page is whole, and whoever opens it tells nobody.
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">"
      "<title>" +
      escaped(page.title) + "</title><style>" + std::string(report::pageStyle()) + "</style></head><body><main><h1>" +
      escaped(page.title) + "</h1><dl class=\"facts\">";
  for (const auto& [name, value] : page.facts) html += "<dt>" + escaped(name) + "</dt><dd>" + escaped(value) + "</dd>";
  html += "</dl><div class=\"overview\">";
  for (std::size_t index = 0; index < page.sections.size(); ++index) html += overviewTile(page.sections[index], index);
  html += "</div>";
  for (std::size_t index = 0; index < page.sections.size(); ++index) html += sectionMarkup(page.sections[index], index);
  return html + "<footer>Orthoscribe " + std::string(kVersion) +
         ". Intervals are Wilson's at 95 %.</footer></main></body></html>\n";
}

}  // namespace orthoscribe::learn
