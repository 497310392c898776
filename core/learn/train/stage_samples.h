// SPDX-License-Identifier: GPL-2.0-or-later
// A stage's conversations as the model at hand sees pictures and gives places.
#pragma once

#include <memory>

#include "core/engine/model_card.h"
#include "core/learn/data/loading/conversation_loader.h"
#include "core/learn/train/train_config.h"

namespace orthoscribe::learn {

// The stage's wishes with the model's own limits of picture sizes and, where the stage names no dialect, its dialect. Pictures at
// random sizes take at most half of max_tokens. Throws Error{InvalidInput} naming the stage for what this model cannot be shown.
LoadingOptions loadingOf(const TrainConfig& config, const StageConfig& stage, const engine::ModelCard& card);

// Throws as loadingOf and ConversationLoader, naming the stage.
std::unique_ptr<SampleSource> stageSamples(const TrainConfig& config, const StageConfig& stage, const engine::ModelCard& card);

}  // namespace orthoscribe::learn
