// SPDX-License-Identifier: GPL-2.0-or-later
// The parts that a report's page is put together from.
#pragma once

#include <string>
#include <string_view>

#include "core/learn/metrics/report/evaluation_page.h"

namespace orthoscribe::learn::report {

// Text as HTML and XML show it; bytes that are no UTF-8 are replaced, control characters left out.
std::string escaped(std::string_view text);
// Up to `digits` behind the point, without zeros at the end.
std::string number(double value, int digits = 2);
// Always so many, for columns.
std::string fixedNumber(double value, int digits = 3);

std::string_view pageStyle();

std::string scoreTableMarkup(const ScoreTable& table);
std::string textTableMarkup(const TextTable& table);
std::string scoreBarMarkup(const Score& score);

std::string curveFigure(const CurvePlot& plot);
std::string matrixFigure(const ConfusionMatrix& matrix);
std::string pictureFigure(const PicturedCase& pictured);

}  // namespace orthoscribe::learn::report
