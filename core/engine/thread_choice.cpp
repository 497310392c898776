// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/thread_choice.h"

namespace orthoscribe::engine {
namespace {

constexpr std::uint64_t kWorthSharing = 64'000'000;

}  // namespace

int chooseThreads(int asked, const WeightSizes& sizes, int cores) {
  if (asked > 0) return asked;
  return sizes.elements < kWorthSharing ? 1 : cores;
}

}  // namespace orthoscribe::engine
