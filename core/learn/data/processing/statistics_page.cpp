// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/processing/statistics_page.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/learn/data/processing/page_charts.h"
#include "core/learn/data/processing/page_pictures.h"

namespace orthoscribe::learn {
namespace {

constexpr std::size_t kMostBars = 40;
constexpr std::size_t kMostSkipped = 200;

constexpr std::string_view kStyle = R"(
:root { color-scheme: light dark; --ink: #1d2733; --quiet: #5d6b7a; --paper: #f5f6f8; --card: #fff; --line: #dde2e8; --bar: #2f6db3; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e9ef; --quiet: #94a3b3; --paper: #14191f; --card: #1d242c; --line: #313b46; --bar: #5e9ce0; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 32px 20px 60px; }
h1 { font-size: 26px; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 16px; margin: 0 0 12px; }
p { margin: 0 0 10px; }
.quiet { color: var(--quiet); fill: var(--quiet); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: 12px; margin: 20px 0; }
.tile, section { background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
.tile { padding: 12px 14px; }
.tile b { display: block; font-size: 22px; font-variant-numeric: tabular-nums; }
.charts { columns: 2 420px; column-gap: 16px; }
section { padding: 16px 18px; margin-bottom: 16px; min-width: 0; }
.charts section { break-inside: avoid; }
svg { display: block; width: 100%; height: auto; }
svg text { font-size: 12px; fill: currentColor; }
svg text.quiet { fill: var(--quiet); }
.bar { fill: var(--bar); } .light { opacity: 0.45; } .axis { stroke: var(--line); }
.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(210px, 1fr)); gap: 14px; margin: 16px 0; }
figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
figcaption { padding: 8px 10px 10px; font-size: 13px; overflow-wrap: anywhere; }
figcaption b { display: block; }
figcaption span { display: block; white-space: pre-line; }
.frame { background: #0b0e12; aspect-ratio: 1; display: flex; align-items: center; }
.frame svg { max-height: 100%; }
polygon { fill: none; stroke-width: 2; vector-effect: non-scaling-stroke; }
polygon.difficult { stroke-dasharray: 4 3; }
.key { display: inline-block; width: 10px; height: 10px; border-radius: 2px; margin-right: 5px; }
table { border-collapse: collapse; width: 100%; font-size: 13px; }
td, th { text-align: left; padding: 4px 10px 4px 0; border-top: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
)";

std::string tile(std::int64_t number, std::string_view name) {
  return "<div class=\"tile\"><b>" + groupedDigits(number) + "</b><span class=\"quiet\">" + htmlText(name) + "</span></div>\n";
}

std::string section(std::string_view title, const std::string& content, const std::string& note = {}) {
  if (content.empty()) return {};
  return "<section><h2>" + htmlText(title) + "</h2>\n" + (note.empty() ? "" : "<p class=\"quiet\">" + htmlText(note) + "</p>\n") +
         content + "</section>\n";
}

std::vector<Bar> mostFirst(std::vector<Bar> bars) {
  std::stable_sort(bars.begin(), bars.end(), [](const Bar& a, const Bar& b) { return a.value > b.value; });
  return bars;
}

// Every bar within the limit; what is beyond is summed up in one.
std::string limitedChart(std::vector<Bar> bars) {
  if (bars.size() > kMostBars) {
    Bar rest{std::to_string(bars.size() - kMostBars + 1) + " others", 0, 0, {}};
    for (std::size_t i = kMostBars - 1; i < bars.size(); ++i) rest.value += bars[i].value;
    rest.note = groupedDigits(static_cast<std::int64_t>(rest.value));
    bars.resize(kMostBars - 1);
    bars.push_back(std::move(rest));
  }
  return barChart(bars);
}

std::string countChart(const std::map<std::string, std::int64_t>& counts) {
  std::vector<Bar> bars;
  for (const auto& [name, count] : counts) bars.push_back({name, static_cast<double>(count), 0, groupedDigits(count)});
  return limitedChart(mostFirst(std::move(bars)));
}

std::string classChart(const DataStatistics& statistics) {
  std::vector<Bar> bars;
  for (const auto& [name, count] : statistics.classes()) {
    bars.push_back({name, static_cast<double>(count.objects), static_cast<double>(count.difficult),
                    groupedDigits(count.objects) + " in " + groupedDigits(count.pictures) +
                        (count.pictures == 1 ? " picture" : " pictures")});
  }
  return barChart(mostFirst(std::move(bars)));
}

std::string wholeLabel(double value) {
  return std::to_string(std::lround(value));
}

std::string degreeLabel(double value) {
  return std::to_string(std::lround(value)) + "°";
}

std::string sideLabel(double log2OfSide) {
  char text[32];
  const double side = std::exp2(log2OfSide);
  std::snprintf(text, sizeof text, side < 10 ? "%.1f" : "%.0f", side);
  return text;
}

std::string charts(const DataStatistics& statistics) {
  return "<div class=\"charts\">\n" +
         section("Objects by class", classChart(statistics), "The lighter end of a bar: marked difficult.") +
         section("Scenes", countChart(statistics.scenes())) +
         section("Size of boxes", columnChart(statistics.boxSides(), "side of a square of the same area, pixels", sideLabel)) +
         section("Angle of boxes", columnChart(statistics.boxAngles(), "long side, clockwise from the right", degreeLabel),
                 "Without those that are nearly square.") +
         section("Objects in a picture", columnChart(statistics.objectsPerPicture(), "objects", wholeLabel)) +
         section("Size of pictures", countChart(statistics.pictureSizes())) +
         section("Length of captions", columnChart(statistics.captionWords(), "words", wholeLabel)) +
         section("Tasks", countChart(statistics.tasks())) +
         section("Types of questions", countChart(statistics.questionTypes())) + "</div>\n";
}

std::string skippedTable(const SkipReport& report) {
  if (report.skipped().empty()) return {};
  std::string rows = "<table><tr><th>Where</th><th>What</th><th>Why</th></tr>\n";
  const std::size_t shown = std::min(kMostSkipped, report.skipped().size());
  for (std::size_t i = 0; i < shown; ++i) {
    const BadRecord& bad = report.skipped()[i];
    rows += "<tr><td>" + htmlText(bad.where) + "</td><td>" + htmlText(nameOf(bad.kind)) + "</td><td>" + htmlText(bad.what) +
            "</td></tr>\n";
  }
  rows += "</table>\n";
  const std::int64_t more = report.skippedCount() - static_cast<std::int64_t>(shown);
  return more > 0 ? rows + "<p class=\"quiet\">and " + groupedDigits(more) + " more</p>\n" : rows;
}

std::int64_t objectsOf(const DataStatistics& statistics) {
  std::int64_t objects = 0;
  for (const auto& [name, count] : statistics.classes()) objects += count.objects;
  return objects;
}

}  // namespace

std::string statisticsPage(const DataStatistics& statistics, const StatisticsPageOptions& options, SkipReport& report,
                           const CancelToken& cancel) {
  const std::string pictures = picturesOf(statistics, {options.thumbnailPx, options.mostPictures}, report, cancel);
  std::string page =
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<link rel=\"icon\" href=\"data:,\">\n<title>" +
      htmlText(options.title) + "</title>\n<style>" + std::string(kStyle) + "</style></head>\n<body><main>\n";
  page += "<h1>" + htmlText(options.title) + "</h1>\n<p class=\"quiet\">What the data set holds.</p>\n<div class=\"tiles\">\n" +
          tile(statistics.samples(), "samples") + tile(static_cast<std::int64_t>(statistics.pictures().size()), "pictures") +
          tile(static_cast<std::int64_t>(statistics.sources().size()), "source pictures") +
          tile(objectsOf(statistics), "objects") + tile(static_cast<std::int64_t>(statistics.classes().size()), "classes") +
          tile(report.skippedCount(), "skipped") + "</div>\n";
  page += charts(statistics);
  if (!pictures.empty()) page += "<h2 style=\"margin-top:28px\">Pictures</h2>\n" + pictures;
  page += section("Skipped records", skippedTable(report), report.summary());
  return page + "</main></body></html>\n";
}

}  // namespace orthoscribe::learn
