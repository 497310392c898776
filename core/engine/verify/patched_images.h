// SPDX-License-Identifier: GPL-2.0-or-later
// Vectors of Qwen-VL's image preparation: sizes, resized pictures of both resamplings, patches.
#pragma once

#include "core/engine/verify/json_fixtures.h"
#include "core/engine/verify/result.h"

namespace orthoscribe::engine::verify {

// A file of JsonFixtureKind::PatchedImages.
void comparePatches(const JsonFixture& file, CaseResult& result);

}  // namespace orthoscribe::engine::verify
