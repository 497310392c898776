// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "core/learn/metrics/report/markup.h"

namespace orthoscribe::learn::report {
namespace {

constexpr double kLeft = 46;
constexpr double kTop = 12;
constexpr double kSide = 300;  // of the square that both axes span
constexpr double kRight = kLeft + kSide;
constexpr double kBottom = kTop + kSide;
constexpr int kColours = 8;  // classes .s0 to .s7 of the page's style; further curves are dashed

double x(double value) {
  return kLeft + kSide * std::clamp(value, 0.0, 1.0);
}
double y(double value) {
  return kBottom - kSide * std::clamp(value, 0.0, 1.0);
}

std::string axes(const CurvePlot& plot) {
  std::string markup;
  for (int tenth = 0; tenth <= 10; tenth += 2) {
    const double value = tenth / 10.0;
    const std::string label = number(value, 1);
    markup += "<path class=\"grid\" d=\"M" + number(x(value)) + " " + number(kTop) + "V" + number(kBottom) + "M" + number(kLeft) +
              " " + number(y(value)) + "H" + number(kRight) + "\"/>";
    markup += "<text class=\"tick\" text-anchor=\"middle\" x=\"" + number(x(value)) + "\" y=\"" + number(kBottom + 16) + "\">" +
              label + "</text><text class=\"tick\" text-anchor=\"end\" x=\"" + number(kLeft - 7) + "\" y=\"" +
              number(y(value) + 4) + "\">" + label + "</text>";
  }
  markup += "<text class=\"axis\" text-anchor=\"middle\" x=\"" + number((kLeft + kRight) / 2) + "\" y=\"" + number(kBottom + 34) +
            "\">" + escaped(plot.xLabel) + "</text>";
  return markup + "<text class=\"axis\" text-anchor=\"middle\" transform=\"translate(12 " + number((kTop + kBottom) / 2) +
         ") rotate(-90)\">" + escaped(plot.yLabel) + "</text>";
}

std::string classOf(std::size_t curve) {
  return "s" + std::to_string(curve % kColours) + (curve >= kColours ? " dashed" : "");
}

std::string line(const Curve& curve, std::size_t index) {
  std::string path;
  for (const auto& [across, up] : curve.points)
    path += (path.empty() ? "M" : "L") + number(x(across), 1) + " " + number(y(up), 1);
  if (path.empty()) return {};
  return "<path class=\"curve " + classOf(index) + "\" d=\"" + path + "\"><title>" + escaped(curve.name) + "</title></path>";
}

}  // namespace

std::string curveFigure(const CurvePlot& plot) {
  std::string lines;
  std::string legend;
  for (std::size_t index = 0; index < plot.curves.size(); ++index) {
    lines += line(plot.curves[index], index);
    legend += "<li><svg width=\"22\" height=\"10\" aria-hidden=\"true\"><path class=\"curve " + classOf(index) +
              "\" d=\"M1 5H21\"/></svg>" + escaped(plot.curves[index].name) + "</li>";
  }
  return "<figure class=\"plot\"><figcaption>" + escaped(plot.title) +
         "</figcaption><div class=\"plotbody\"><svg class=\"curves\" viewBox=\"0 0 356 356\" width=\"356\" height=\"356\" "
         "role=\"img\" aria-label=\"" +
         escaped(plot.title) + "\">" + axes(plot) + lines + "</svg><ul class=\"legend\">" + legend + "</ul></div></figure>";
}

}  // namespace orthoscribe::learn::report
