// SPDX-License-Identifier: GPL-2.0-or-later
// What a report of an evaluation holds, whatever was evaluated.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/rgb_image.h"
#include "core/geo/oriented_box.h"
#include "core/learn/metrics/score.h"

namespace orthoscribe::learn {

// Shares with their intervals and counts, drawn as bars.
struct ScoreTable {
  std::string title;
  std::vector<std::pair<std::string, Score>> rows;
  std::string note = {};
};

struct TextTable {
  std::string title;
  std::vector<std::string> headers;
  std::vector<std::vector<std::string>> rows;  // as many values as headers; numbers are set to the right
  std::string note = {};
};

// Both axes from 0 to 1.
struct Curve {
  std::string name;
  std::vector<std::pair<double, double>> points;
};
struct CurvePlot {
  std::string title;
  std::string xLabel;
  std::string yLabel;
  std::vector<Curve> curves;
};

// Counts by truth (rows) and answer (columns, which may have one more entry than the rows: what is none of them).
struct ConfusionMatrix {
  std::string title;
  std::vector<std::string> truths;
  std::vector<std::string> answers;
  std::vector<std::vector<int>> counts;
};

// A case that went wrong, with its picture where it has one.
struct PicturedCase {
  std::optional<RgbImage> picture;
  std::vector<geo::Quad> truth;  // pixels of the picture
  std::vector<geo::Quad> found;
  std::string title;     // the picture's name, or what was asked about
  std::string question;  // shown as it was asked
  std::string answer;
  std::string expected;
  std::string fault;  // a few words: "2 missed, 3 wrong"
};

struct ReportSection {
  std::string title;
  std::string note = {};
  std::optional<std::pair<std::string, Score>> headline = {};      // for the overview
  std::optional<std::pair<std::string, std::string>> figure = {};  // the same for what is no share
  std::vector<ScoreTable> scores = {};
  std::vector<TextTable> tables = {};
  std::vector<CurvePlot> plots = {};
  std::vector<ConfusionMatrix> matrices = {};
  std::vector<PicturedCase> cases = {};
};

struct EvaluationPage {
  std::string title;
  std::vector<std::pair<std::string, std::string>> facts;  // model, data, version
  std::vector<ReportSection> sections;
};

// One HTML file that needs nothing else and asks for nothing, in light and dark: style, figures (SVG) and pictures (JPEG) are
// inside.
std::string evaluationHtml(const EvaluationPage& page);

}  // namespace orthoscribe::learn
