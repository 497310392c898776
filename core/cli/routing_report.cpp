// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/cli/routing_report.h"

#include <format>

namespace orthoscribe::cli {
namespace {

std::string shares(const RouterUse& use) {
  std::string text;
  for (const double share : use.usage) text += std::format("{:6.1f}", 100.0 * share);
  return text + std::format("   entropy {:.2f}", use.entropy);
}

}  // namespace

std::vector<std::string> routingLines(const RoutingStatistics& routing) {
  if (routing.routers.empty()) return {"No router was asked: the model has no experts"};
  std::vector<std::string> lines = {std::format("Experts' shares in percent, {} a choice:", routing.topK)};
  for (const RouterUse& use : routing.routers) lines.push_back(std::format("  {:<24}{}", use.place, shares(use)));
  lines.push_back(std::format("  {:<24}{}", "all", shares(meanUse(routing))));
  return lines;
}

}  // namespace orthoscribe::cli
