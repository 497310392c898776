// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/processing/source_split.h"

#include <algorithm>
#include <limits>
#include <set>
#include <tuple>

#include "core/base/error.h"
#include "core/learn/data/loading/name_hash.h"
#include "core/learn/data/loading/sample_order.h"
#include "core/learn/data/processing/near_duplicates.h"

namespace orthoscribe::learn {
namespace {

// Sources that must not be parted.
struct Unit {
  std::vector<std::string> sources;
  std::map<std::string, std::int64_t> counts;
  std::uint64_t rank = 0;
};

std::vector<Unit> unitsOf(const std::map<std::string, SourceContents>& sources,
                          std::span<const std::vector<std::string>> lookAlikes, std::uint64_t seed) {
  std::map<std::string, std::size_t> firstWith;  // source that holds a picture
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  std::vector<const std::pair<const std::string, SourceContents>*> all;
  for (const auto& source : sources) {
    for (const std::string& image : source.second.images) {
      const auto [found, isNew] = firstWith.emplace(image, all.size());
      if (!isNew) pairs.emplace_back(found->second, all.size());
    }
    all.push_back(&source);
  }
  for (const std::vector<std::string>& group : lookAlikes) {
    std::size_t before = all.size();
    for (const std::string& image : group) {
      const auto found = firstWith.find(image);
      if (found == firstWith.end()) continue;
      if (before != all.size()) pairs.emplace_back(before, found->second);
      before = found->second;
    }
  }
  std::vector<std::vector<std::size_t>> members = groupsOf(all.size(), pairs);
  std::set<std::size_t> grouped;
  for (const auto& group : members) grouped.insert(group.begin(), group.end());
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!grouped.contains(i)) members.push_back({i});
  }
  std::vector<Unit> units;
  for (const auto& group : members) {
    Unit unit;
    for (const std::size_t member : group) {
      unit.sources.push_back(all[member]->first);
      for (const auto& [name, count] : all[member]->second.counts) unit.counts[name] += count;
    }
    unit.rank = mixed(seed, nameHash(unit.sources.front()));
    units.push_back(std::move(unit));
  }
  std::sort(units.begin(), units.end(),
            [](const Unit& a, const Unit& b) { return a.rank != b.rank ? a.rank < b.rank : a.sources < b.sources; });
  return units;
}

void check(const std::vector<SplitSide>& sides) {
  std::set<std::string> names;
  for (const SplitSide& side : sides) {
    if (!names.insert(side.name).second) throw Error(ErrorCode::InvalidInput, "the side " + side.name + " is named twice");
    if (!(side.share > 0.0)) throw Error(ErrorCode::InvalidInput, "the share of the side " + side.name + " is not above 0");
  }
  if (sides.size() < 2) throw Error(ErrorCode::InvalidInput, "a split needs two sides", "For example train=0.8 test=0.2.");
}

class Divider {
 public:
  Divider(std::vector<Unit> units, const std::vector<SplitSide>& sides, std::uint64_t seed)
      : units_(std::move(units)), sides_(sides), seed_(seed), side_(units_.size(), kNone) {
    double shares = 0.0;
    for (const SplitSide& one : sides) shares += one.share;
    for (const Unit& unit : units_) {
      for (const auto& [name, count] : unit.counts) left_[name] += count;
    }
    for (const auto& [name, count] : left_) {
      for (const SplitSide& one : sides) lacking_[name].push_back(static_cast<double>(count) * one.share / shares);
    }
    for (const SplitSide& one : sides) lackingUnits_.push_back(static_cast<double>(units_.size()) * one.share / shares);
  }

  SourceSplit run() {
    while (!left_.empty()) giveClass(rarest());
    for (std::size_t unit = 0; unit < units_.size(); ++unit) {
      if (side_[unit] == kNone) give(unit, {});
    }
    SourceSplit split{sides_, {}};
    for (std::size_t unit = 0; unit < units_.size(); ++unit) {
      for (const std::string& source : units_[unit].sources) split.sideOf[source] = side_[unit];
    }
    return split;
  }

 private:
  static constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

  // The class of which the fewest are left to give; "" stands for all and comes last.
  std::string rarest() const {
    const auto order = [](const auto& a, const auto& b) {
      return std::tuple(a.first.empty(), a.second) < std::tuple(b.first.empty(), b.second);
    };
    return std::min_element(left_.begin(), left_.end(), order)->first;
  }

  void giveClass(const std::string& name) {
    // Large ones first: small ones can still even out what they left uneven.
    std::vector<std::size_t> holders;
    for (std::size_t unit = 0; unit < units_.size(); ++unit) {
      if (side_[unit] == kNone && units_[unit].counts.contains(name)) holders.push_back(unit);
    }
    std::stable_sort(holders.begin(), holders.end(),
                     [&](std::size_t a, std::size_t b) { return units_[a].counts.at(name) > units_[b].counts.at(name); });
    for (const std::size_t unit : holders) give(unit, name);
    left_.erase(name);
  }

  void give(std::size_t unit, const std::string& name) {
    // Sides fill at one pace, so that each gets large and small sources alike; none gets more than it lacks while another can
    // still take it.
    const auto desire = [&](std::size_t side) {
      const double lacking = name.empty() ? lackingUnits_[side] : lacking_.at(name)[side];
      const double count = name.empty() ? 1.0 : static_cast<double>(units_[unit].counts.at(name));
      return std::tuple(lacking >= count, lacking / sides_[side].share, lackingUnits_[side] / sides_[side].share,
                        mixed(seed_ ^ units_[unit].rank, side));
    };
    std::size_t best = 0;
    for (std::size_t side = 1; side < sides_.size(); ++side) {
      if (desire(side) > desire(best)) best = side;
    }
    side_[unit] = best;
    lackingUnits_[best] -= 1.0;
    for (const auto& [held, count] : units_[unit].counts) {
      lacking_[held][best] -= static_cast<double>(count);
      if (const auto found = left_.find(held); found != left_.end()) found->second -= count;
    }
  }

  std::vector<Unit> units_;
  const std::vector<SplitSide>& sides_;
  std::uint64_t seed_;
  std::vector<std::size_t> side_;
  std::map<std::string, std::int64_t> left_;
  std::map<std::string, std::vector<double>> lacking_;
  std::vector<double> lackingUnits_;
};

}  // namespace

SplitSide parseSplitSide(const std::string& text) {
  const std::size_t equals = text.find('=');
  try {
    if (equals != std::string::npos && equals > 0) {
      std::size_t used = 0;
      const double share = std::stod(text.substr(equals + 1), &used);
      if (used == text.size() - equals - 1 && share > 0.0) return {text.substr(0, equals), share};
    }
  } catch (const std::exception&) {
    // Told below.
  }
  throw Error(ErrorCode::InvalidInput, "\"" + text + "\" is no side of a split", "Write name=share, for example train=0.8.");
}

SourceSplit splitBySource(const std::map<std::string, SourceContents>& sources,
                          std::span<const std::vector<std::string>> lookAlikes, const std::vector<SplitSide>& sides,
                          std::uint64_t seed) {
  check(sides);
  std::vector<Unit> units = unitsOf(sources, lookAlikes, seed);
  if (units.size() < sides.size()) {
    throw Error(ErrorCode::InvalidInput,
                "there are " + std::to_string(units.size()) + " independent source pictures for " + std::to_string(sides.size()) +
                    " sides",
                "Are the samples' \"source\" members set? Tiles of one picture are one source.");
  }
  return Divider(std::move(units), sides, seed).run();
}

}  // namespace orthoscribe::learn
