// SPDX-License-Identifier: GPL-2.0-or-later
// Writes what was trained as a model folder in Hugging Face's layout: base weights, the experts as an adapter beside them,
// configuration.
#pragma once

#include <filesystem>

#include "core/learn/train/starter_model.h"
#include "core/text/tokenizer.h"

namespace orthoscribe::learn {

// config.json, generation_config.json, preprocessor_config.json, orthoscribe.json, model.safetensors, adapter_config.json,
// adapter_model.safetensors; weights as bfloat16 (running statistics of norms too). The tokenizer's files are there already.
// Throws Error{Io}.
void exportModel(const StarterModel& starter, const text::Tokenizer& tokenizer, const std::filesystem::path& folder);

}  // namespace orthoscribe::learn
