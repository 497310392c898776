// SPDX-License-Identifier: GPL-2.0-or-later
// A model that can be taken through stages: the starter, or an adapter on any family.
#pragma once

#include <memory>
#include <optional>

#include "core/learn/train/lesson_stream.h"
#include "core/learn/train/parameter_store.h"
#include "core/learn/train/stage_runner.h"
#include "core/learn/train/train_config.h"

namespace orthoscribe::learn {

class Trainee {
 public:
  virtual ~Trainee() = default;

  virtual ParameterStore& store() = 0;
  // The stage's lessons; nothing for a kind that it does not know (an error).
  virtual std::unique_ptr<LessonStream> lessons(const StageConfig& stage) = 0;
  // Figures on what was held out, with the weights as they are; may be empty.
  virtual Figures evaluate([[maybe_unused]] const StageConfig& stage) { return {}; }
  // A stage that is no stream of answers runs here, with checkpoints of its own beside files.checkpoint
  // ("01-tower.working.safetensors": its stem, a dot). Returns whether it came
  // to its end; nothing for stages that StageRunner runs.
  virtual std::optional<bool> runItself([[maybe_unused]] const StageConfig& stage, [[maybe_unused]] const StageFiles& files,
                                        [[maybe_unused]] bool resume, [[maybe_unused]] const StageHooks& hooks,
                                        [[maybe_unused]] const CancelToken& cancel) {
    return std::nullopt;
  }
  // What was trained, as the engine loads it.
  virtual void write(const std::filesystem::path& output) = 0;
};

// Takes it through all stages. resume: stages that are finished are loaded, the one that was stopped goes on; else the output
// must hold no checkpoint. What was trained is written after every stage. Returns whether it came to the end; false: cancelled.
// Throws as StageRunner.
bool runStages(const TrainConfig& config, Trainee& trainee, const RankGroup& ranks, bool resume, const StageHooks& hooks,
               const CancelToken& cancel);

}  // namespace orthoscribe::learn
