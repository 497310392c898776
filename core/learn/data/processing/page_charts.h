// SPDX-License-Identifier: GPL-2.0-or-later
// Charts as SVG inside a page of HTML, drawn with the page's own colours (currentColor and the class "bar").
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/learn/data/processing/data_statistics.h"

namespace orthoscribe::learn {

// With &, <, > and quotes as entities, and bytes that are no UTF-8 replaced.
std::string htmlText(std::string_view text);

struct Bar {
  std::string name;
  double value = 0.0;
  double part = 0.0;  // of the value, shown lighter at its end
  std::string note;   // stands behind the bar
};

// One line a bar, names on the left. Empty without bars.
std::string barChart(const std::vector<Bar>& bars);

// Columns over an axis. label: says what the beginning of a bin means.
std::string columnChart(const Histogram& histogram, std::string_view axis, std::string (*label)(double binBegin));

// "12,345".
std::string groupedDigits(std::int64_t number);

}  // namespace orthoscribe::learn
