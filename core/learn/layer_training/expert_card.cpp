// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/layer_training/expert_card.h"

#include <format>
#include <nlohmann/json.hpp>

#include "core/base/files.h"
#include "core/base/version.h"

namespace orthoscribe::learn {
namespace {

using Json = nlohmann::ordered_json;

Json areasJson(const std::vector<geo::PixelRect>& areas) {
  Json list = Json::array();
  for (const geo::PixelRect& area : areas) list.push_back({area.column, area.row, area.width, area.height});
  return list;
}

struct LabelCounts {
  int objects = 0;
  int rejected = 0;
};

std::map<std::string, LabelCounts> countLabels(const std::vector<LayerLabel>& labels) {
  std::map<std::string, LabelCounts> counts;
  for (const LayerLabel& label : labels) {
    LabelCounts& count = counts[std::string(kObjectClasses[static_cast<std::size_t>(label.objectClass)])];
    ++(label.rejected ? count.rejected : count.objects);
  }
  return counts;
}

std::string figureRows(const LayerTrainingResult& result) {
  std::string rows;
  for (const auto& [name, after] : result.after) {
    const auto found = result.before.find(name);
    const ClassFigures before = found == result.before.end() ? ClassFigures{} : found->second;
    rows += std::format("| {} | {} | {:.3f} | {:.3f} | {:.3f} | {:.3f} | {:.3f} | {:.3f} |\n", name, after.truths,
                        before.averagePrecision, after.averagePrecision, before.precision(), after.precision(), before.recall(),
                        after.recall());
  }
  return rows;
}

std::string cardText(const ExpertRecord& record) {
  const std::string name = record.options.output.filename().string();
  std::string text = std::format(
      "# {}\n\nAn expert for the model {}, trained by Orthoscribe {} in {} steps from the labels in {} on {}.\n\n"
      "Low-rank updates (LoRA, rank {}) on the convolutions that localise objects; everything else is the model's own. "
      "Use it with `orthoscribe detect --adapter`, `orthoscribe serve --adapter`, or choose it in the docks of the QGIS "
      "plugin.\n\n",
      name, record.options.model.filename().string(), kVersion, record.result.steps,
      std::filesystem::path(record.options.labels.path).filename().string(),
      std::filesystem::path(record.options.raster).filename().string(), record.options.rank);
  text += "## Labels\n";
  for (const auto& [label, count] : countLabels(record.labels))
    text += std::format("- {}: {} objects, {} rejected\n", label, count.objects, count.rejected);
  if (!record.options.labels.asClass.empty() && !record.options.labels.label.empty())
    text += std::format("\nWhat the labels call \"{}\" is asked for as \"{}\".\n", record.options.labels.label,
                        record.options.labels.asClass);
  text += std::format(
      "\n## Held out\nThe expert never saw {} of the labelled blocks in training. Boxes count from a score of {} on; average "
      "precision "
      "is over all scores; a hit overlaps by at least half (IoU).\n\n"
      "| class | objects | AP before | AP after | precision before | after | recall before | after |\n"
      "|---|---|---|---|---|---|---|---|\n",
      record.split.heldOut.size(), kSaidScore);
  return text + figureRows(record.result);
}

}  // namespace

Json figuresJson(const std::map<std::string, ClassFigures>& figures) {
  Json document = Json::object();
  for (const auto& [name, figure] : figures) {
    document[name] = {{"averagePrecision", figure.averagePrecision},
                      {"precision", figure.precision()},
                      {"recall", figure.recall()},
                      {"truths", figure.truths},
                      {"found", figure.found},
                      {"hits", figure.hits}};
  }
  return document;
}

void writeExpertCard(const ExpertRecord& record) {
  Json labels = Json::object();
  for (const auto& [name, count] : countLabels(record.labels))
    labels[name] = {{"objects", count.objects}, {"rejected", count.rejected}};
  const Json document = {{"program", std::string("orthoscribe ") + kVersion},
                         {"model", record.options.model.filename().string()},
                         {"raster", record.options.raster},
                         {"labelFile", record.options.labels.path},
                         {"labels", labels},
                         {"steps", record.result.steps},
                         {"rank", record.options.rank},
                         {"seed", record.options.seed},
                         {"loss", record.result.loss},
                         {"before", figuresJson(record.result.before)},
                         {"after", figuresJson(record.result.after)},
                         {"split", {{"train", areasJson(record.split.train)}, {"heldOut", areasJson(record.split.heldOut)}}}};
  writeTextFile(record.options.output / "training.json", document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
  writeTextFile(record.options.output / "README.md", cardText(record));
}

}  // namespace orthoscribe::learn
