// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/verify/box_grammar_cases.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <numbers>
#include <string>
#include <utility>

#include "core/base/error.h"
#include "core/engine/verify/json_fixtures.h"
#include "core/tasks/dialect.h"

namespace orthoscribe::learn::verify {
namespace {

namespace fs = std::filesystem;
using engine::verify::CaseResult;
using engine::verify::FixtureCase;
using engine::verify::JsonFixture;
using engine::verify::JsonFixtureKind;
using nlohmann::json;
using tasks::PictureFrame;

// The vectors' numbers have six decimals.
constexpr double kTolerance = 1e-6;

struct Grammar {
  std::string_view partOfName;
  std::string_view dialect;
  double whole;  // what numbers run to at the far edges; 0: pixels of the resized picture
};

constexpr Grammar kGrammars[] = {{"plain_polygons", "rscovlm_polygon", 0}, {"angle_0_100", "skynova", 100},
                                 {"qwen2_5_vl", "qwen2_5_vl", 0},          {"qwen3_vl", "qwen3_vl", 1000},
                                 {"internvl", "internvl", 1000},           {"geochat", "geochat", 100}};

const Grammar& grammarOf(const fs::path& file) {
  const std::string name = file.stem().string();
  for (const Grammar& grammar : kGrammars) {
    if (name.find(grammar.partOfName) != std::string::npos) return grammar;
  }
  throw Error(ErrorCode::Unsupported, file.string() + ": it is not known which family's grammar this is");
}

// A box as the vectors give it: corners, or the upright rectangle that was turned.
struct Read {
  std::vector<double> pixels;
  std::vector<double> numbers;
  double angleDeg = 0;
};

std::vector<double> inUnits(const std::vector<double>& pixels, const Grammar& grammar, const PictureFrame& frame) {
  const double unitX = (grammar.whole > 0 ? grammar.whole : frame.modelWidth) / frame.width;
  const double unitY = (grammar.whole > 0 ? grammar.whole : frame.modelHeight) / frame.height;
  std::vector<double> numbers;
  for (std::size_t i = 0; i < pixels.size(); ++i) numbers.push_back(pixels[i] * (i % 2 == 0 ? unitX : unitY));
  return numbers;
}

Read corners(const geo::Quad& quad, const Grammar& grammar, const PictureFrame& frame) {
  Read read;
  for (const geo::Point& corner : quad) read.pixels.insert(read.pixels.end(), {corner.x, corner.y});
  read.numbers = inUnits(read.pixels, grammar, frame);
  return read;
}

Read beforeTurning(const geo::Quad& quad, const Grammar& grammar, const PictureFrame& frame) {
  const double halfWidth = std::hypot(quad[1].x - quad[0].x, quad[1].y - quad[0].y) / 2;
  const double halfHeight = std::hypot(quad[3].x - quad[0].x, quad[3].y - quad[0].y) / 2;
  const geo::Point centre{(quad[0].x + quad[2].x) / 2, (quad[0].y + quad[2].y) / 2};
  Read read;
  read.pixels = {centre.x - halfWidth, centre.y - halfHeight, centre.x + halfWidth, centre.y + halfHeight};
  read.numbers = inUnits(read.pixels, grammar, frame);
  read.angleDeg = std::atan2(quad[1].y - quad[0].y, quad[1].x - quad[0].x) * 180.0 / std::numbers::pi;
  return read;
}

class Comparison {
 public:
  Comparison(const Grammar& grammar, const PictureFrame& frame) : grammar_(grammar), frame_(frame) {}

  void row(const json& expected) {
    const auto text = expected.at("text").get<std::string>();
    const tasks::ParsedAnswer answer = tasks::dialectNamed(grammar_.dialect).parse(text, frame_, {}, true);
    equal(dropped_, answer.dropped == expected.at("dropped").get<int>(), text, std::to_string(answer.dropped) + " dropped");
    const json& objects = expected.at("objects");
    equal(counts_, answer.boxes.size() == objects.size(), text, std::to_string(answer.boxes.size()) + " boxes");
    for (std::size_t i = 0; i < std::min(answer.boxes.size(), objects.size()); ++i) box(answer.boxes[i], objects[i], text);
  }

  void addTo(CaseResult& result) const {
    for (const Tally* tally : {&counts_, &dropped_, &labels_}) {
      result.checks.push_back(engine::verify::exactly(tally->what, tally->differences, tally->total, tally->example));
    }
    for (const engine::verify::Check* check : {&numbers_, &pixels_, &angles_}) result.checks.push_back(*check);
  }

 private:
  struct Tally {
    std::string what;
    std::int64_t differences = 0;
    std::int64_t total = 0;
    std::string example = {};
  };

  static void equal(Tally& tally, bool holds, const std::string& text, const std::string& actual) {
    ++tally.total;
    if (!holds && tally.differences++ == 0) tally.example = "first " + actual + " in " + json(text).dump();
  }

  static void near(engine::verify::Check& check, double error, const std::string& text) {
    if (!(error <= check.error)) {
      check.error = error;
      check.note = "in " + json(text).dump();
    }
  }

  static void near(engine::verify::Check& check, const std::vector<double>& actual, const json& expected,
                   const std::string& text) {
    if (actual.size() != expected.size()) return near(check, std::numeric_limits<double>::infinity(), text);
    for (std::size_t i = 0; i < actual.size(); ++i) near(check, std::abs(actual[i] - expected[i].get<double>()), text);
  }

  void box(const tasks::SpokenBox& spoken, const json& expected, const std::string& text) {
    const json& label = expected.at("label");
    equal(labels_, spoken.label == (label.is_null() ? "" : label.get<std::string>()), text, "'" + spoken.label + "'");
    const bool isPolygon = expected.at("pixels").size() == 8;
    const Read read = isPolygon ? corners(spoken.quad, grammar_, frame_) : beforeTurning(spoken.quad, grammar_, frame_);
    near(numbers_, read.numbers, expected.at("numbers"), text);
    near(pixels_, read.pixels, expected.at("pixels"), text);
    if (!isPolygon) near(angles_, std::abs(std::remainder(read.angleDeg - expected.value("angle", 0.0), 360.0)), text);
  }

  const Grammar& grammar_;
  const PictureFrame& frame_;
  Tally counts_{"objects"}, dropped_{"dropped"}, labels_{"labels"};
  engine::verify::Check numbers_{.what = "numbers", .tolerance = kTolerance, .note = {}};
  engine::verify::Check pixels_{.what = "pixels", .tolerance = kTolerance, .note = {}};
  engine::verify::Check angles_{.what = "angles", .tolerance = kTolerance, .note = {}};
};

void compare(const fs::path& path, const json& file, CaseResult& result) {
  const Grammar& grammar = grammarOf(path);
  const PictureFrame frame{file.at("width"), file.at("height"), file.at("resized_width"), file.at("resized_height")};
  Comparison comparison(grammar, frame);
  for (const json& row : file.at("rows")) comparison.row(row);
  comparison.addTo(result);
}

}  // namespace

std::vector<FixtureCase> boxGrammarCasesIn(const fs::path& folder) {
  std::vector<FixtureCase> cases;
  for (const JsonFixture& file : engine::verify::jsonFixturesIn(folder)) {
    if (file.kind != JsonFixtureKind::BoxGrammar) continue;
    cases.push_back({.place = file.path,
                     .family = "box grammars",
                     .run = [path = file.path, content = file.content](CaseResult& result) { compare(path, *content, result); }});
  }
  return cases;
}

}  // namespace orthoscribe::learn::verify
