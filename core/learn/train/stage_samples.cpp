// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/stage_samples.h"

#include "core/base/error.h"

namespace orthoscribe::learn {
namespace {

[[noreturn]] void rethrow(const StageConfig& stage, const Error& error) {
  throw Error(error.code(), "stage " + stage.name + ": " + error.message(), error.hint());
}

}  // namespace

LoadingOptions loadingOf(const TrainConfig& config, const StageConfig& stage, const engine::ModelCard& card) {
  LoadingOptions options;
  options.seed = config.seed;
  options.places.dialect = stage.dialect.empty() ? tasks::findDialect(card.dialect) : &tasks::dialectNamed(stage.dialect);
  options.places.resize = card.resize;
  options.turnShare = stage.turnShare;
  options.resizeShare = stage.resizeShare;
  options.resizeRule = stage.resizeRule;
  if (card.resize) options.mostPixels = stage.maxTokens / 2 * card.resize->factor * card.resize->factor;
  options.skip = stage.skip;
  try {
    checkLoading(options);
  } catch (const Error& error) {
    rethrow(stage, error);
  }
  return options;
}

std::unique_ptr<SampleSource> stageSamples(const TrainConfig& config, const StageConfig& stage, const engine::ModelCard& card) {
  std::vector<DataSource> sources;
  for (const Dataset& dataset : config.datasets)
    sources.push_back({.name = dataset.name, .file = dataset.file, .imageRoot = dataset.imageRoot, .written = dataset.written});
  const LoadingOptions options = loadingOf(config, stage, card);
  try {
    return std::make_unique<ConversationLoader>(sources, stage.data, options);
  } catch (const Error& error) {
    rethrow(stage, error);
  }
}

}  // namespace orthoscribe::learn
