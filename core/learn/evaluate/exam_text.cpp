// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/evaluate/exam_text.h"

#include <cstdio>
#include <nlohmann/json.hpp>

namespace orthoscribe::learn {
namespace {

using Json = nlohmann::ordered_json;

std::string fixed(double value, const char* form) {
  char text[32];
  std::snprintf(text, sizeof text, form, value);
  return text;
}

std::string scoreRow(const std::string& name, const Score& score) {
  if (score.asked == 0) return {};
  return "| " + name + " | " + fixed(100 * score.share(), "%.1f %%") + " | " + std::to_string(score.right) + " of " +
         std::to_string(score.asked) + " |\n";
}

Json scoreJson(const Score& score) {
  return {{"right", score.right}, {"asked", score.asked}, {"share", score.share()}};
}

Json orNull(const std::optional<double>& value) {
  return value ? Json(*value) : Json();
}

}  // namespace

std::string examTable(const ExamResult& result) {
  std::string text = "| question | right | counts |\n| --- | --- | --- |\n";
  text += scoreRow("scene class, 21 classes", result.scene);
  text += scoreRow("yes or no", result.presence);
  text += scoreRow("yes or no, where the truth is yes", result.presentOnes);
  text += scoreRow("how many, exact", result.counts);
  text += scoreRow("how many, exact, where there are some", result.countsNonZero);
  if (result.counts.asked > 0) text += "\nMean absolute error of counts: " + fixed(result.countError, "%.2f") + "\n";
  if (result.boxQuestions == 0) return text;
  text += "\n| class | AP_nc (IoU 0.5) | true boxes | said | right |\n| --- | --- | --- | --- | --- |\n";
  for (const auto& [label, precision] : result.boxes.classes) {
    const std::string average = precision.elevenPoint ? fixed(*precision.elevenPoint, "%.3f") : "-";
    text += "| " + label + " | " + average + " | " + std::to_string(precision.truths) + " | " + std::to_string(precision.found) +
            " | " + std::to_string(precision.hits) + " |\n";
  }
  if (result.boxes.meanElevenPoint) text += "\nmAP_nc: " + fixed(*result.boxes.meanElevenPoint, "%.3f") + "\n";
  text += std::to_string(result.boxQuestions) + " detection questions, " + std::to_string(result.droppedLines) +
          " lines that could not be read\n";
  return text;
}

nlohmann::ordered_json examJson(const ExamResult& result) {
  Json document = {{"scene", scoreJson(result.scene)},
                   {"presence", scoreJson(result.presence)},
                   {"presence_yes", scoreJson(result.presentOnes)},
                   {"counts", scoreJson(result.counts)},
                   {"counts_nonzero", scoreJson(result.countsNonZero)},
                   {"count_error", result.countError},
                   {"map_nc", orNull(result.boxes.meanElevenPoint)},
                   {"box_questions", result.boxQuestions},
                   {"dropped_lines", result.droppedLines}};
  for (const auto& [name, score] : result.sceneByClass) document["scene_by_class"][name] = scoreJson(score);
  for (const auto& [label, precision] : result.boxes.classes) {
    document["classes"][label] = {{"ap_nc", orNull(precision.elevenPoint)},
                                  {"true_boxes", precision.truths},
                                  {"said", precision.found},
                                  {"right", precision.hits}};
  }
  return document;
}

}  // namespace orthoscribe::learn
