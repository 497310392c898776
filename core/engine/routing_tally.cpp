// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/routing_tally.h"

#include <ATen/ATen.h>

#include <array>
#include <charconv>
#include <cmath>

namespace orthoscribe::engine {
namespace {

constexpr std::string_view kPrefix = "mole_layer_";

// "mole_layer_3_self_attn_experts" -> 3, "self_attn", "experts".
struct Heard {
  std::int64_t layer = 0;
  std::string place;
  std::string_view what;
};

bool parse(std::string_view name, Heard& heard) {
  if (!name.starts_with(kPrefix)) return false;
  name.remove_prefix(kPrefix.size());
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), heard.layer);
  if (error != std::errc()) return false;
  name.remove_prefix(static_cast<std::size_t>(end - name.data()));
  constexpr std::array<std::string_view, 3> kWhat = {"_router_probs", "_experts", "_weights"};
  for (const std::string_view what : kWhat) {
    if (!name.ends_with(what)) continue;
    heard.what = what.substr(1);
    name.remove_suffix(what.size());
    if (name.starts_with('_')) name.remove_prefix(1);
    heard.place = name;
    return true;
  }
  return false;
}

}  // namespace

model::Observer RoutingTally::observer() {
  return [this](std::string_view name, const at::Tensor& value) { hear(name, value); };
}

void RoutingTally::hear(std::string_view name, const at::Tensor& value) {
  Heard heard;
  if (!parse(name, heard)) return;
  Count& count = counts_[{heard.layer, heard.place}];
  // They come in this order.
  if (heard.what == "router_probs") count.probs = value;
  if (heard.what == "experts") count.experts = value;
  if (heard.what == "weights" && count.probs.defined() && count.experts.defined()) add(count, value);
}

void RoutingTally::add(Count& count, const at::Tensor& weights) {
  const std::int64_t experts = count.probs.size(-1);
  const at::Tensor chosen = count.experts.to(at::kCPU).reshape({-1});
  // Not renormalised weights are shares of the chosen all the same.
  const at::Tensor own = weights.to(at::kCPU, at::kDouble);
  const at::Tensor shares = own / own.sum(-1, true).clamp_min(1e-12);
  if (!count.weight.defined()) {
    count.weight = at::zeros({experts}, at::kDouble);
    count.chosen = at::zeros({experts}, at::kLong);
  }
  count.weight.scatter_add_(0, chosen, shares.reshape({-1}));
  count.chosen.scatter_add_(0, chosen, at::ones_like(chosen));
  count.topK = own.size(-1);
  count.choices += own.numel() / count.topK;
  if (count.topK > 1) {
    const double nats = -(shares * shares.clamp_min(1e-12).log()).sum().item<double>();
    count.entropy += nats / std::log(static_cast<double>(count.topK));
  }
  count.probs = at::Tensor();
  count.experts = at::Tensor();
}

RoutingStatistics RoutingTally::statistics() const {
  RoutingStatistics statistics;
  for (const auto& [key, count] : counts_) {
    if (count.choices == 0) continue;
    const auto& [layer, place] = key;
    RouterUse use{.place = "layer " + std::to_string(layer) + (place.empty() ? "" : " " + place), .usage = {}, .chosen = {}};
    const at::Tensor usage = (count.weight / static_cast<double>(count.choices)).contiguous();
    use.usage.assign(usage.const_data_ptr<double>(), usage.const_data_ptr<double>() + usage.numel());
    use.chosen.assign(count.chosen.const_data_ptr<std::int64_t>(),
                      count.chosen.const_data_ptr<std::int64_t>() + count.chosen.numel());
    use.entropy = count.entropy / static_cast<double>(count.choices);
    statistics.topK = count.topK;
    statistics.routers.push_back(std::move(use));
  }
  return statistics;
}

}  // namespace orthoscribe::engine
