// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/evaluate/expert_usage.h"

#include <algorithm>
#include <cmath>
#include <format>
#include <numeric>

namespace orthoscribe::learn {
namespace {

std::vector<double> sharesOf(std::vector<double> weights) {
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (double& weight : weights) weight = sum > 0 ? weight / sum : 0;
  return weights;
}

double normalisedEntropy(const std::vector<double>& weights) {
  double entropy = 0;
  for (const double share : sharesOf(weights)) entropy -= share > 0 ? share * std::log(share) : 0;
  return weights.size() > 1 ? entropy / std::log(static_cast<double>(weights.size())) : 1;
}

template <typename Routers>
double meanEntropy(const Routers& routers) {
  double sum = 0;
  for (const auto& router : routers) sum += normalisedEntropy(router.weights);
  return routers.empty() ? 0 : sum / static_cast<double>(routers.size());
}

// The mean over routers that have as many experts as the first.
template <typename Routers>
std::vector<double> meanShares(const Routers& routers) {
  std::vector<double> mean(routers.empty() ? 0 : routers.front().weights.size());
  double count = 0;
  for (const auto& router : routers) {
    if (router.weights.size() != mean.size()) continue;
    const std::vector<double> shares = sharesOf(router.weights);
    for (std::size_t expert = 0; expert < mean.size(); ++expert) mean[expert] += shares[expert];
    ++count;
  }
  for (double& share : mean) share /= count;
  return mean;
}

}  // namespace

void ExpertUsage::addTo(Kind& kind, const RoutingStatistics& routing) {
  ++kind.questions;
  for (const RouterUse& use : routing.routers) {
    auto router =
        std::find_if(kind.routers.begin(), kind.routers.end(), [&](const Router& one) { return one.place == use.place; });
    if (router == kind.routers.end()) router = kind.routers.insert(router, {use.place, std::vector<double>(use.usage.size())});
    if (router->weights.size() != use.usage.size()) continue;
    const auto choices = static_cast<double>(std::accumulate(use.chosen.begin(), use.chosen.end(), std::int64_t{0}));
    for (std::size_t expert = 0; expert < use.usage.size(); ++expert) router->weights[expert] += use.usage[expert] * choices;
  }
}

void ExpertUsage::add(const std::string& kind, const Reply& reply) {
  if (!reply.routing || reply.routing->routers.empty()) return;
  auto found = std::find_if(kinds_.begin(), kinds_.end(), [&](const Kind& one) { return one.name == kind; });
  if (found == kinds_.end()) found = kinds_.insert(found, {.name = kind, .questions = 0, .routers = {}});
  addTo(*found, *reply.routing);
}

ExpertUsage::Kind ExpertUsage::together() const {
  Kind all{.name = "all", .questions = 0, .routers = {}};
  for (const Kind& kind : kinds_) {
    all.questions += kind.questions;
    for (const Router& router : kind.routers) {
      const auto same =
          std::find_if(all.routers.begin(), all.routers.end(), [&](const Router& one) { return one.place == router.place; });
      if (same == all.routers.end()) {
        all.routers.push_back(router);
      } else if (same->weights.size() == router.weights.size()) {
        std::transform(same->weights.begin(), same->weights.end(), router.weights.begin(), same->weights.begin(), std::plus<>());
      }
    }
  }
  return all;
}

ReportSection ExpertUsage::section() const {
  const Kind all = together();
  ReportSection section{.title = "Experts"};
  section.figure = {"usage entropy", std::format("{:.3f}", meanEntropy(all.routers))};
  TextTable table{.title = "Share of each expert in percent, mean over routers", .headers = {"questions", "asked"}, .rows = {}};
  for (std::size_t expert = 0; expert < meanShares(all.routers).size(); ++expert)
    table.headers.push_back("expert " + std::to_string(expert));
  table.headers.emplace_back("usage entropy");
  const auto addRow = [&](const Kind& kind) {
    std::vector<std::string> row = {kind.name, std::to_string(kind.questions)};
    for (const double share : meanShares(kind.routers)) row.push_back(std::format("{:.1f}", 100 * share));
    row.push_back(std::format("{:.3f}", meanEntropy(kind.routers)));
    if (row.size() == table.headers.size()) table.rows.push_back(std::move(row));
  };
  for (const Kind& kind : kinds_) addRow(kind);
  addRow(all);
  table.note =
      "Entropy of the shares of a router's weights, as a part of its largest, mean over routers: 1 when all serve alike.";
  section.tables.push_back(std::move(table));
  return section;
}

nlohmann::ordered_json ExpertUsage::json() const {
  const auto told = [](const Kind& kind) {
    nlohmann::ordered_json entry = {
        {"questions", kind.questions}, {"shares", meanShares(kind.routers)}, {"usage_entropy", meanEntropy(kind.routers)}};
    for (const Router& router : kind.routers) entry["routers"][router.place] = sharesOf(router.weights);
    return entry;
  };
  nlohmann::ordered_json document = told(together());
  for (const Kind& kind : kinds_) document["kinds"][kind.name] = told(kind);
  return document;
}

}  // namespace orthoscribe::learn
