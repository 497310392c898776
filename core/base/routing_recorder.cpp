// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/routing_recorder.h"

#include <algorithm>
#include <numeric>

namespace orthoscribe {
namespace {

// Each choice takes the same number of experts, so this is as good as their number.
double weightOf(const RouterUse& use) {
  return static_cast<double>(std::accumulate(use.chosen.begin(), use.chosen.end(), std::int64_t{0}));
}

void addUse(RouterUse& sum, const RouterUse& more) {
  const double before = weightOf(sum);
  const double all = before + weightOf(more);
  if (all <= 0.0) return;
  const auto mean = [&](double old, double added) { return (old * before + added * (all - before)) / all; };
  for (std::size_t expert = 0; expert < sum.usage.size(); ++expert)
    sum.usage[expert] = mean(sum.usage[expert], more.usage[expert]);
  for (std::size_t expert = 0; expert < sum.chosen.size(); ++expert) sum.chosen[expert] += more.chosen[expert];
  sum.entropy = mean(sum.entropy, more.entropy);
}

}  // namespace

void addRouting(RoutingStatistics& sum, const RoutingStatistics& more) {
  sum.topK = more.topK;
  for (const RouterUse& use : more.routers) {
    const auto known =
        std::find_if(sum.routers.begin(), sum.routers.end(), [&](const RouterUse& one) { return one.place == use.place; });
    if (known == sum.routers.end())
      sum.routers.push_back(use);
    else if (known->usage.size() == use.usage.size() && known->chosen.size() == use.chosen.size())
      addUse(*known, use);
  }
}

Reply RoutingRecorder::chat(const std::vector<Message>& messages, const GenerationOptions& options, const OnToken& onToken,
                            const CancelToken& cancel) {
  GenerationOptions heard = options;
  heard.routing = true;
  Reply reply = model_.chat(messages, heard, onToken, cancel);
  const std::lock_guard lock(mutex_);
  if (reply.routing) addRouting(sum_, *reply.routing);
  return reply;
}

RoutingStatistics RoutingRecorder::statistics() const {
  const std::lock_guard lock(mutex_);
  return sum_;
}

}  // namespace orthoscribe
