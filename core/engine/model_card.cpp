// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/model_card.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <format>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "core/base/error.h"
#include "core/base/json_field.h"
#include "core/base/json_text.h"
#include "core/vision/qwen_processor.h"

namespace orthoscribe::engine {
namespace {

namespace fs = std::filesystem;

// A JSON file of the folder; an empty object when it is not there.
struct FolderFile {
  FolderFile(const fs::path& folder, const std::string& name) : place(name + ": ") {
    std::error_code ignored;
    if (fs::exists(folder / name, ignored)) value = readJsonFile(folder / name);
    if (!value.is_object()) throw Error(ErrorCode::InvalidInput, (folder / name).string() + ": an object was expected");
  }
  JsonField root() const { return {value, place}; }

  nlohmann::json value = nlohmann::json::object();
  std::string place;
};

double positive(const JsonField& field, double fallback) {
  if (field.isNull()) return fallback;
  if (!field.value().is_number()) field.fail("a number was expected");
  const double value = field.value().get<double>();
  if (!std::isfinite(value) || value < 0) field.fail("a number of 0 or more was expected");
  return value;
}

int pixels(const JsonField& field, int fallback) {
  const double value = positive(field, fallback);
  if (value < 1 || value > 16384 || value != std::floor(value)) field.fail("a whole number from 1 to 16384 was expected");
  return static_cast<int>(value);
}

std::vector<std::string> texts(const JsonField& field, std::vector<std::string> fallback) {
  if (field.isNull()) return fallback;
  std::vector<std::string> list;
  for (std::size_t i = 0; i < field.arraySize(); ++i) list.push_back(field.element(i).text());
  return list;
}

void addEndTokens(const JsonField& field, std::vector<text::TokenId>& ids) {
  const auto add = [&](const JsonField& one) {
    if (std::find(ids.begin(), ids.end(), one.index()) == ids.end()) ids.push_back(one.index());
  };
  if (field.isNull()) return;
  if (!field.value().is_array()) return add(field);
  for (std::size_t i = 0; i < field.arraySize(); ++i) add(field.element(i));
}

std::vector<text::TokenId> endTokens(const fs::path& folder, const JsonField& config) {
  std::vector<text::TokenId> ids;
  addEndTokens(FolderFile(folder, "generation_config.json").root().member("eos_token_id"), ids);
  if (!ids.empty()) return ids;
  addEndTokens(config.member("eos_token_id"), ids);
  for (const char* part : {"llm_config", "text_config"})
    if (!config.member(part).isNull()) addEndTokens(config.member(part).member("eos_token_id"), ids);
  return ids;
}

std::set<std::string> addedTokens(const fs::path& folder) {
  std::set<std::string> names;
  const FolderFile added(folder, "added_tokens.json");
  for (const auto& [name, id] : added.value.items()) names.insert(name);
  const FolderFile tokenizer(folder, "tokenizer_config.json");
  const JsonField decoder = tokenizer.root().member("added_tokens_decoder");
  if (decoder.isNull()) return names;
  if (!decoder.value().is_object()) decoder.fail("an object was expected");
  for (const auto& [id, token] : decoder.value().items()) names.insert(decoder.member(id).member("content").textOr({}));
  return names;
}

bool namesRscovlm(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name.find("rscovlm") != std::string::npos;
}

std::string dialectOf(const ModelCard& card, const JsonField& config, const std::set<std::string>& tokens) {
  if (card.family == "internvl_chat" || card.family == "internvl")
    return tokens.contains("[refer]") || tokens.contains("[grounding]") ? "skynova" : "internvl";
  if (card.family == "qwen2_5_vl" && (namesRscovlm(card.name) || namesRscovlm(config.member("_name_or_path").textOr({}))))
    return "rscovlm_polygon";
  for (const char* own : {"starter", "qwen2_5_vl", "qwen3_vl"})
    if (card.family == own) return own;
  return {};
}

EarlyStopping earlyStoppingOf(const JsonField& field, EarlyStopping fallback) {
  if (field.isNull()) return fallback;
  if (field.value().is_boolean()) return field.value().get<bool>() ? EarlyStopping::Yes : EarlyStopping::No;
  if (field.value() != "never") field.fail("true, false or \"never\" was expected");
  return EarlyStopping::Never;
}

double within(const JsonField& field, double least, double most, double fallback) {
  if (field.isNull()) return fallback;
  const double value = field.value().is_number() ? field.value().get<double>() : std::nan("");
  if (!(value >= least && value <= most)) field.fail(std::format("a number from {} to {} was expected", least, most));
  return value;
}

GenerationDefaults generationOf(const fs::path& folder, const std::string& family) {
  const FolderFile file(folder, "generation_config.json");
  GenerationDefaults defaults;
  if (family == "instructblip") defaults = {.beams = 5, .repetitionPenalty = 1.5};
  defaults.beams = static_cast<int>(within(file.root().member("num_beams"), 1, 16, defaults.beams));
  defaults.lengthPenalty = within(file.root().member("length_penalty"), -10, 10, defaults.lengthPenalty);
  defaults.earlyStopping = earlyStoppingOf(file.root().member("early_stopping"), defaults.earlyStopping);
  defaults.repetitionPenalty = within(file.root().member("repetition_penalty"), 0.01, 100, defaults.repetitionPenalty);
  defaults.noRepeatNgram = static_cast<int>(within(file.root().member("no_repeat_ngram_size"), 0, 1e6, defaults.noRepeatNgram));
  return defaults;
}

int imageSideOf(const JsonField& config) {
  const JsonField forced = config.member("force_image_size");
  if (forced.value().is_number_integer()) return pixels(forced, 448);
  const JsonField vision = config.member("vision_config");
  if (vision.isNull()) return 448;
  const JsonField side = vision.member("image_size");
  return side.value().is_array() && !side.value().empty() ? pixels(side.element(0), 448) : pixels(side, 448);
}

bool isQwenVl(const std::string& family) {
  return family == "qwen2_5_vl" || family == "qwen3_vl";
}

// A family's own template where config.json names none. Llama's generations share a family, not a template.
std::string templateOf(const std::string& family, const std::set<std::string>& tokens) {
  if (family == "internvl") return "internvl_hf";
  if (family == "llama") return tokens.contains("<|start_header_id|>") ? "llama3" : "llama2";
  return family;
}

// The templates of Qwen and of InternVL's Hugging Face layout write what stands around an image, and one row of it.
ImageTokens imageTokensOf(const std::string& family) {
  if (isQwenVl(family)) return {.mark = "<|image_pad|>", .begin = "", .row = "<|image_pad|>", .end = ""};
  if (family == "internvl") return {.mark = "<IMG_CONTEXT>"};
  if (family == "instructblip") return {.mark = "", .begin = "", .row = "<image>", .end = "", .beforeText = true};
  return {};
}

int squareWithin(const ResizeLimits& limits, int wantedPx) {
  const int factor = limits.factor;
  const int largest = static_cast<int>(std::sqrt(static_cast<double>(limits.maxPixels)) / factor) * factor;
  return std::max(factor, std::min(largest, wantedPx / factor * factor));
}

int imageSideOf(const ModelCard& card, const JsonField& config) {
  if (!card.resize) return imageSideOf(config);
  if (card.dialect == "rscovlm_polygon") return squareWithin(*card.resize, 504);
  return squareWithin(*card.resize, card.family == "qwen3_vl" ? 1024 : 1008);
}

std::string folderName(const fs::path& folder) {
  const fs::path whole = fs::weakly_canonical(folder);
  return (whole.has_filename() ? whole : whole.parent_path()).filename().string();
}

}  // namespace

ModelCard readModelCard(const fs::path& folder) {
  const nlohmann::json configValue = readJsonFile(folder / "config.json");
  const JsonField config(configValue, (folder / "config.json").string() + ": ");
  const FolderFile ownFile(folder, "orthoscribe.json");
  const JsonField own = ownFile.root();

  ModelCard card;
  card.family = config.member("model_type").text();
  card.name = own.member("name").textOr(folderName(folder));
  const std::set<std::string> tokens = addedTokens(folder);
  card.dialect = own.member("dialect").textOr(dialectOf(card, config, tokens));
  card.sharesTiles = card.dialect == "skynova";
  const JsonField conversation = config.member("template");
  card.templateName = own.member("template").textOr(conversation.textOr(templateOf(card.family, tokens)));
  card.imageTokens = imageTokensOf(card.family);
  card.addSpecial = !conversation.isNull() || card.family == "instructblip";
  card.systemMessage = own.member("system").textOr(config.member("system_message").textOr({}));
  card.endTokens = endTokens(folder, config);
  if (isQwenVl(card.family)) card.resize = vision::readResizeLimits(folder);
  card.shownSpecial = texts(own.member("shownTokens"), {"<ref>", "</ref>", "<box>", "</box>"});
  card.imageSidePx = pixels(own.member("imageSidePx"), imageSideOf(card, config));
  card.groundResolutionM = positive(own.member("groundResolutionM"), card.dialect == "skynova" ? 0.5 : 0.0);
  card.generation = generationOf(folder, card.family);
  card.classes = texts(own.member("classes"), {});
  return card;
}

}  // namespace orthoscribe::engine
