// SPDX-License-Identifier: GPL-2.0-or-later
// Which experts of a mixture served which kind of question.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "core/base/vision_language_model.h"
#include "core/learn/metrics/report/evaluation_page.h"

namespace orthoscribe::learn {

class ExpertUsage {
 public:
  // Replies without routing are passed over.
  void add(const std::string& kind, const Reply& reply);
  bool empty() const { return kinds_.empty(); }

  // Shares are of the routers' weights over prompts and answers, every choice of a router counting alike. The usage entropy is
  // the mean over routers of H(shares) / ln E (reference/skynova.md 4.2): 1 when all experts serve alike.
  ReportSection section() const;
  nlohmann::ordered_json json() const;

 private:
  struct Router {
    std::string place;
    std::vector<double> weights;  // summed over choices, one an expert
  };
  struct Kind {
    std::string name;
    std::int64_t questions = 0;
    std::vector<Router> routers;
  };
  static void addTo(Kind& kind, const RoutingStatistics& routing);
  Kind together() const;

  std::vector<Kind> kinds_;  // in the order in which they came
};

}  // namespace orthoscribe::learn
