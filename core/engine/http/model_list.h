// SPDX-License-Identifier: GPL-2.0-or-later
// The model as GET /v1/models tells of it: OpenAI's fields, and what Orthoscribe's clients want to know under "orthoscribe".
#pragma once

#include <cstdint>
#include <string>

#include "core/base/vision_language_model.h"

namespace orthoscribe::engine::http {

// JSON texts. createdS: seconds since 1970.
std::string modelEntry(const ModelInfo& info, std::int64_t createdS);
std::string modelList(const ModelInfo& info, std::int64_t createdS);

}  // namespace orthoscribe::engine::http
