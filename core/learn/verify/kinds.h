// SPDX-License-Identifier: GPL-2.0-or-later
// The kinds of fixtures that are judged with training and evaluation at hand, beside those of core/engine/verify.
#pragma once

#include <vector>

#include "core/engine/verify/fixtures.h"

namespace orthoscribe::learn::verify {

const std::vector<engine::verify::FixtureKind>& fixtureKinds();

}  // namespace orthoscribe::learn::verify
