// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/vision_language_model.h"

namespace orthoscribe {

RouterUse meanUse(const RoutingStatistics& statistics) {
  RouterUse mean;
  double count = 0.0;
  for (const RouterUse& router : statistics.routers) {
    if (mean.usage.empty()) {
      mean.usage.resize(router.usage.size());
      mean.chosen.resize(router.chosen.size());
    }
    if (router.usage.size() != mean.usage.size() || router.chosen.size() != mean.chosen.size()) continue;
    for (std::size_t expert = 0; expert < mean.usage.size(); ++expert) mean.usage[expert] += router.usage[expert];
    for (std::size_t expert = 0; expert < mean.chosen.size(); ++expert) mean.chosen[expert] += router.chosen[expert];
    mean.entropy += router.entropy;
    count += 1.0;
  }
  if (count == 0.0) return mean;
  for (double& share : mean.usage) share /= count;
  mean.entropy /= count;
  return mean;
}

}  // namespace orthoscribe
