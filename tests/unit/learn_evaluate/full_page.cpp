// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/learn_evaluate/full_page.h"

#include "core/learn/metrics/detection_section.h"

namespace orthoscribe::learn {
namespace {

geo::Quad box(double left, double top, double side) {
  return {geo::Point{left, top}, {left + side, top}, {left + side, top + side}, {left, top + side}};
}

RgbImage picture() {
  RgbImage image(256, 192);
  for (int row = 0; row < image.height; ++row) {
    for (int column = 0; column < image.width; ++column) {
      std::uint8_t* pixel = image.at(column, row);
      pixel[0] = static_cast<std::uint8_t>(column);
      pixel[1] = static_cast<std::uint8_t>(row);
      pixel[2] = 90;
    }
  }
  return image;
}

ReportSection detection() {
  std::vector<TrueObject> truths;
  std::vector<FoundObject> found;
  for (int index = 0; index < 40; ++index) {
    const char* label = index % 3 == 0 ? "ship" : index % 3 == 1 ? "airplane" : "storage tank";
    const geo::Quad at = box(index * 30, 0, 20);
    truths.push_back({index % 4, label, {at.begin(), at.end()}, false});
    if (index % 5 == 0) continue;
    const geo::Quad said = box(index * 30 + index % 7, 0, 20);
    found.push_back({index % 4, index % 8 == 1 ? "ship" : label, {said.begin(), said.end()}, 1 - index / 50.0});
  }
  ReportSection section = detectionSection(judgeDetections(truths, found, {.scores = true, .coco = true}));
  section.cases.push_back({.picture = picture(),
                           .truth = {box(20, 20, 60), box(120, 80, 40)},
                           .found = {box(25, 24, 60)},
                           .title = "harbor/harbor01.jpg",
                           .question = "Detect: ship",
                           .answer = "ship 55 54 60 60 0",
                           .expected = "",
                           .fault = "1 missed, 0 wrong"});
  return section;
}

ReportSection questions() {
  ReportSection section;
  section.title = kHostile;
  section.note = kHostile;
  section.headline = {{"overall accuracy", {180, 200}}};
  section.scores.push_back(
      {.title = "By type",
       .rows = {{"presence", {95, 100}}, {"count", {60, 70}}, {"nobody asked", {0, 0}}, {kHostile, {25, 30}}},
       .note = kHostile});
  section.matrices.push_back({.title = "What was taken for what",
                              .truths = {"beach", "mobile home park", "river"},
                              .answers = {"beach", "mobile home park", "river", "none"},
                              .counts = {{9, 0, 1, 0}, {0, 8, 0, 2}, {3, 0, 7, 0}}});
  section.cases.push_back({.picture = std::nullopt,
                           .truth = {},
                           .found = {},
                           .title = kHostile,
                           .question = kHostile,
                           .answer = kHostile,
                           .expected = "2",
                           .fault = "count"});
  return section;
}

}  // namespace

EvaluationPage fullPage() {
  EvaluationPage page;
  page.title = "Evaluation of starter";
  page.facts = {{"Data", "held-out pictures"}, {"Questions", "1234"}, {"Odd", kHostile}};
  page.sections = {detection(), questions()};
  return page;
}

}  // namespace orthoscribe::learn
