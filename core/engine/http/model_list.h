// SPDX-License-Identifier: GPL-2.0-or-later
// The model as GET /v1/models tells of it: OpenAI's fields, and what Orthoscribe's clients want to know under "orthoscribe".
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/vision_language_model.h"

namespace orthoscribe::engine::http {

// JSON texts; the list has an entry "base:adapter" for each adapter that a request may choose. createdS: seconds since 1970.
// id: of the list. Nothing when the list has no such entry.
std::optional<std::string> modelEntry(const ModelInfo& info, const std::string& id, std::int64_t createdS);
std::string modelList(const ModelInfo& info, std::int64_t createdS);

}  // namespace orthoscribe::engine::http
