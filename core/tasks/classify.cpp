// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/tasks/classify.h"

#include <algorithm>
#include <utility>

#include "core/base/error.h"
#include "core/tasks/class_mentions.h"
#include "core/tasks/dialects/grammar.h"
#include "core/tasks/growing_answer.h"
#include "core/tasks/picture.h"
#include "core/tasks/scene_classes.h"
#include "core/tasks/task_prompts.h"
#include "core/tasks/window_plan.h"

namespace orthoscribe::tasks {
namespace {

std::vector<std::string> classesToAsk(const ClassifyOptions& options, const TaskPrompts& tasks) {
  if (options.classes.empty()) return sceneClasses(options.list.empty() ? tasks.classLists().front() : options.list);
  std::vector<std::string> classes;
  for (const std::string& name : options.classes) {
    std::string clean(trimmed(name));
    if (!clean.empty() && std::find(classes.begin(), classes.end(), clean) == classes.end()) classes.push_back(std::move(clean));
  }
  if (classes.size() < 2) {
    throw Error(ErrorCode::InvalidInput, "there are fewer than two classes to choose from",
                "name them, for example forest,harbor,residential");
  }
  return classes;
}

void choose(ClassifyReport& report, const std::vector<GeneratedToken>& tokens) {
  const std::vector<ClassMention> mentions = classMentions(report.look.text, report.classes);
  if (mentions.empty()) {
    if (!report.look.cancelled) {
      report.look.warnings.push_back("the answer names none of the classes: " + std::string(trimmed(report.look.text)));
    }
    return;
  }
  report.chosen = report.classes[mentions.front().classIndex];
  report.score = meanProbability(tokens, mentions.front().begin, mentions.front().end);
  if (mentions.size() == 1) return;
  std::vector<std::string> named;
  for (const ClassMention& mention : mentions) named.push_back(report.classes[mention.classIndex]);
  report.look.warnings.push_back("the answer names several classes, of which the first counts: " + joined(named, ", "));
}

}  // namespace

ClassifyReport classify(geo::RasterSource& raster, VisionLanguageModel& model, const ClassifyOptions& options,
                        const CancelToken& cancel) {
  const ModelInfo info = model.info();
  const Dialect& dialect = dialectToAsk(info, options.look.dialect);
  requireTask(dialect, "classify", [](const TaskPrompts& tasks) { return !tasks.classLists().empty(); });
  ClassifyReport report;
  report.classes = classesToAsk(options, dialect.tasks());
  report.look.area = areaOnRaster(raster, options.look.area);
  geo::RasterWindow window = pictureOf(raster, report.look.area, pictureSidePx(options.look, dialect, info), cancel);
  report.look.pictureWidth = window.image.width;
  report.look.pictureHeight = window.image.height;

  GenerationOptions generation = generationOf(options.look);
  generation.logProbabilities = true;
  Reply reply =
      model.chat(dialect.tasks().classifyMessages(report.classes, std::move(window.image)), generation, nullptr, cancel);
  report.look.text = std::move(reply.text);
  report.look.usage = reply.usage;
  report.look.cancelled = reply.stopReason == StopReason::Cancelled;
  choose(report, reply.tokens);
  return report;
}

}  // namespace orthoscribe::tasks
