// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/learn/train/curves.h"

namespace orthoscribe::learn {
namespace {

constexpr int kWidth = 460;
constexpr int kHeight = 170;
constexpr int kLeft = 62;
constexpr int kBottom = 22;
constexpr int kTop = 8;
constexpr int kRight = 10;
constexpr std::size_t kMostPoints = 600;

constexpr const char* kStyle =
    "body{font:15px/1.4 system-ui,sans-serif;margin:2em;color:#222;background:#fff}"
    "main{display:flex;flex-wrap:wrap;gap:1.5em}figure{margin:0}figcaption{font-weight:600}"
    "svg{display:block}text{font-size:11px;fill:#666}path{fill:none;stroke:#1668b5;stroke-width:1.5}"
    "line{stroke:#bbb}@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}text{fill:#aaa}"
    "path{stroke:#6db3f2}line{stroke:#555}}";

std::string escaped(const std::string& text) {
  std::string safe;
  for (const char letter : text) {
    if (letter == '<')
      safe += "&lt;";
    else if (letter == '&')
      safe += "&amp;";
    else
      safe += letter;
  }
  return safe;
}

std::string shortNumber(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

struct Point {
  double step = 0;
  double value = 0;
};

// Neighbours are averaged where there are more points than a drawing shows.
std::vector<Point> pointsOf(const Curves& curves, std::size_t column) {
  std::vector<Point> all;
  for (const Curves::Row& row : curves.rows()) {
    if (std::isfinite(row.values[column])) all.push_back({static_cast<double>(row.step), row.values[column]});
  }
  if (all.size() <= kMostPoints) return all;
  std::vector<Point> fewer;
  for (std::size_t bin = 0; bin < kMostPoints; ++bin) {
    const std::size_t begin = bin * all.size() / kMostPoints;
    const std::size_t end = (bin + 1) * all.size() / kMostPoints;
    Point mean;
    for (std::size_t index = begin; index < end; ++index) {
      mean.step += all[index].step / static_cast<double>(end - begin);
      mean.value += all[index].value / static_cast<double>(end - begin);
    }
    fewer.push_back(mean);
  }
  return fewer;
}

std::string textAt(double x, double y, const char* anchor, const std::string& text) {
  return "<text x=\"" + shortNumber(x) + "\" y=\"" + shortNumber(y) + "\" text-anchor=\"" + anchor + "\">" + text + "</text>";
}

std::string drawing(const std::vector<Point>& points) {
  double low = points.front().value, high = low;
  for (const Point& point : points) {
    low = std::min(low, point.value);
    high = std::max(high, point.value);
  }
  const double first = points.front().step;
  const double steps = std::max(points.back().step - first, 1.0);
  const double span = high > low ? high - low : 1;
  const double right = kWidth - kRight, base = kHeight - kBottom;
  std::string path;
  for (const Point& point : points) {
    const double x = kLeft + (point.step - first) / steps * (right - kLeft);
    const double y = base - (point.value - low) / span * (base - kTop);
    char place[48];
    std::snprintf(place, sizeof place, "%s%.1f %.1f", path.empty() ? "M" : "L", x, y);
    path += place;
  }
  if (points.size() == 1) path += "h1";
  char head[96];
  std::snprintf(head, sizeof head, "<svg width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\">", kWidth, kHeight, kWidth,
                kHeight);
  std::string svg = head;
  svg += "<line x1=\"" + shortNumber(kLeft) + "\" y1=\"" + shortNumber(base) + "\" x2=\"" + shortNumber(right) + "\" y2=\"" +
         shortNumber(base) + "\"/>";
  svg += textAt(kLeft - 6, kTop + 9, "end", shortNumber(high)) + textAt(kLeft - 6, base, "end", shortNumber(low));
  svg += textAt(kLeft, kHeight - 6, "start", shortNumber(first)) +
         textAt(right, kHeight - 6, "end", "step " + shortNumber(points.back().step));
  return svg + "<path d=\"" + path + "\"/></svg>";
}

}  // namespace

std::string curvesPage(const std::string& title, const Curves& curves) {
  std::string page = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + escaped(title) +
                     "</title><style>" + kStyle + "</style></head><body><h1>" + escaped(title) + "</h1>\n<main>\n";
  for (std::size_t column = 0; column < curves.columns().size(); ++column) {
    const std::vector<Point> points = pointsOf(curves, column);
    if (points.empty()) continue;
    page += "<figure><figcaption>" + escaped(curves.columns()[column]) + ": " + shortNumber(points.back().value) +
            "</figcaption>" + drawing(points) + "</figure>\n";
  }
  return page + "</main></body></html>\n";
}

}  // namespace orthoscribe::learn
