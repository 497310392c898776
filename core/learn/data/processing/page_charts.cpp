// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/processing/page_charts.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/base/text_encoding.h"

namespace orthoscribe::learn {
namespace {

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

std::string rect(std::string_view kind, double x, double y, double width, double height, const std::string& title) {
  return "<rect class=\"" + std::string(kind) + "\" x=\"" + number(x) + "\" y=\"" + number(y) + "\" width=\"" + number(width) +
         "\" height=\"" + number(height) + "\" rx=\"2\"><title>" + title + "</title></rect>";
}

std::string text(std::string_view anchor, double x, double y, std::string_view words, std::string_view kind = "") {
  return "<text text-anchor=\"" + std::string(anchor) + "\" x=\"" + number(x) + "\" y=\"" + number(y) + "\" class=\"" +
         std::string(kind) + "\">" + htmlText(words) + "</text>";
}

std::string svg(double width, double height, const std::string& label, const std::string& content) {
  return "<svg viewBox=\"0 0 " + number(width) + " " + number(height) + "\" role=\"img\" aria-label=\"" + htmlText(label) +
         "\">" + content + "</svg>\n";
}

// No more than `most` bytes, whole code points, with an ellipsis when cut.
std::string shortened(const std::string& name, std::size_t most) {
  if (name.size() <= most) return name;
  return name.substr(0, completeUtf8Length(std::string_view(name).substr(0, most))) + "…";
}

}  // namespace

std::string htmlText(std::string_view raw) {
  std::string escaped;
  for (const char character : repairUtf8(raw)) {
    switch (character) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += character;
    }
  }
  return escaped;
}

std::string groupedDigits(std::int64_t value) {
  std::string digits = std::to_string(value);
  for (std::ptrdiff_t at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > (value < 0 ? 1 : 0); at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

std::string barChart(const std::vector<Bar>& bars) {
  if (bars.empty()) return {};
  constexpr double kWidth = 640;
  constexpr double kNames = 170;
  constexpr double kNotes = 150;
  constexpr double kLine = 24;
  double most = 0.0;
  for (const Bar& bar : bars) most = std::max(most, bar.value);
  std::string content;
  double y = 0.0;
  for (const Bar& bar : bars) {
    const double width = most > 0.0 ? std::max(1.0, bar.value / most * (kWidth - kNames - kNotes)) : 1.0;
    const double part = bar.value > 0.0 ? width * bar.part / bar.value : 0.0;
    const std::string title = htmlText(bar.name + ": " + bar.note);
    content += text("end", kNames - 10, y + 16, shortened(bar.name, 24));
    content += rect("bar", kNames, y + 4, width - part, kLine - 8, title);
    if (part > 0.0) content += rect("bar light", kNames + width - part, y + 4, part, kLine - 8, title);
    content += text("start", kNames + width + 8, y + 16, bar.note, "quiet");
    y += kLine;
  }
  return svg(kWidth, y, "Bar chart", content);
}

std::string columnChart(const Histogram& histogram, std::string_view axis, std::string (*label)(double binBegin)) {
  const std::vector<std::int64_t> bins = histogram.bins();
  if (bins.empty()) return {};
  constexpr double kWidth = 640;
  constexpr double kHeight = 180;
  constexpr double kLeft = 56;
  constexpr double kBottom = 44;
  constexpr double kTop = 14;
  const auto most = static_cast<double>(*std::max_element(bins.begin(), bins.end()));
  const double step = (kWidth - kLeft - 10) / static_cast<double>(bins.size());
  const double floor = kHeight - kBottom;
  std::string content = "<line class=\"axis\" x1=\"" + number(kLeft) + "\" x2=\"" + number(kWidth - 10) + "\" y1=\"" +
                        number(floor) + "\" y2=\"" + number(floor) + "\"/>";
  content += text("end", kLeft - 8, kTop + 8, groupedDigits(static_cast<std::int64_t>(most)), "quiet");
  content += text("end", kLeft - 8, floor, "0", "quiet");
  // As many labels as stand side by side.
  const auto every = std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(static_cast<double>(bins.size()) / 12.0)));
  for (std::size_t i = 0; i < bins.size(); ++i) {
    const double x = kLeft + step * static_cast<double>(i);
    const double height = static_cast<double>(bins[i]) / most * (floor - kTop);
    const double begin = histogram.begin() + histogram.binWidth() * static_cast<double>(i);
    const std::string range = label(begin) + " to " + label(begin + histogram.binWidth());
    if (bins[i] > 0)
      content +=
          rect("bar", x + 1, floor - height, std::max(1.0, step - 2), height, htmlText(range + ": " + groupedDigits(bins[i])));
    if (i % every == 0) content += text("middle", x, floor + 16, label(begin), "quiet");
  }
  content += text("middle", (kLeft + kWidth) / 2, kHeight - 6, axis, "quiet");
  return svg(kWidth, kHeight, "Histogram: " + std::string(axis), content);
}

}  // namespace orthoscribe::learn
