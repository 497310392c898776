// SPDX-License-Identifier: GPL-2.0-or-later
#include <ATen/ATen.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/image_codec.h"
#include "core/base/json_text.h"
#include "core/engine/generator.h"
#include "core/engine/verify/beam_checks.h"
#include "core/engine/verify/case_messages.h"
#include "core/engine/verify/kinds.h"
#include "core/engine/verify/model_run.h"
#include "core/engine/verify/tensors.h"

namespace orthoscribe::engine::verify {
namespace {

namespace fs = std::filesystem;

// Of parity/README.md, where a case does not give its own.
constexpr double kPixelTolerance = 1e-5;
constexpr double kTolerance = 1e-4;

class ModelCase {
 public:
  ModelCase(const fs::path& folder, CaseResult& result)
      : folder_(folder),
        result_(result),
        expected_(readJsonFile(folder / "expected.json")),
        inputs_(folder / "inputs.safetensors"),
        outputs_(folder / "outputs.safetensors"),
        model_(loadForVerification(folder.parent_path())) {}

  void compare() {
    const at::NoGradGuard noGradients;
    SequenceInput ours = comparePrompt();
    compareStages();
    compareBeams(ours);
    compareGreedy(std::move(ours));
  }

 private:
  double tolerance(const char* kind, double fallback) const {
    const auto given = expected_.find("tolerances");
    return given == expected_.end() ? fallback : given->value(kind, fallback);
  }
  void add(Check check) { result_.checks.push_back(std::move(check)); }

  std::vector<RgbImage> images() const {
    std::vector<RgbImage> list;
    if (!expected_.contains("images")) return list;
    for (const nlohmann::json& entry : expected_["images"]) list.push_back(readImageFile(folder_ / entry.at("file")));
    return list;
  }

  // The whole way of a question: pictures and messages to ids and rows, as the engine goes it.
  SequenceInput comparePrompt() {
    std::vector<RgbImage> pictures = images();
    processed_ = comparePictures(pictures);
    std::vector<std::int64_t> rows;
    for (const vision::ProcessedImage& one : processed_) rows.push_back(one.tokens);

    const PromptAssembler assembler = model_.promptAssembler();
    const bool chat = fs::exists(folder_ / "messages.json");
    const Prompt prompt = chat ? assembler.assemble(caseMessages(folder_ / "messages.json", std::move(pictures)), rows)
                               : assembler.plain(expected_.at("prompt").get<std::string>());
    add(sameText("prompt", prompt.text, expected_.at("prompt").get<std::string>()));
    add(sameIds("input_ids", prompt.ids, idsOf(inputs_.tensor("input_ids"))));

    const at::Tensor question = model_.questionOf(prompt.text);
    if (inputs_.has("qformer_input_ids"))
      add(sameIds("qformer_input_ids", idsOf(question), idsOf(inputs_.tensor("qformer_input_ids"))));

    SequenceInput input{.ids = prompt.ids, .images = {}};
    for (std::size_t i = 0; i < processed_.size(); ++i)
      input.images.push_back(rowsOf(i, prompt.images[i], model_.network().encodeImageFor(processed_[i].pixelValues, question)));
    comparePositions(input);
    return input;
  }

  ImageRows rowsOf(std::size_t image, ImageSpan span, at::Tensor rows) const {
    return {.span = span,
            .hash = std::to_string(image),
            .rows = std::move(rows),
            .gridRows = processed_.at(image).tokenRows,
            .gridColumns = processed_.at(image).tokenColumns};
  }

  void comparePositions(const SequenceInput& input) {
    if (!inputs_.has("position_ids")) return;
    const at::Tensor positions = positionsOf(model_.network(), input);
    const std::vector<std::int64_t> ours = positions.defined() ? idsOf(positions) : std::vector<std::int64_t>();
    add(sameIds("position_ids", ours, idsOf(inputs_.tensor("position_ids"))));
    if (!expected_.contains("rope_delta") || ours.empty()) return;
    const std::int64_t after = positions.max().item<std::int64_t>() + 1 - positions.size(1);
    add(exactly("rope_delta", std::abs(after - expected_["rope_delta"].get<std::int64_t>()), 1));
  }

  // The grid of tiles, or that of patches with the picture's size.
  void compareGrid(const std::string& name, const vision::ProcessedImage& ours, const nlohmann::json& entry) {
    const auto compare = [&](const char* field, const std::vector<std::int64_t>& grid) {
      if (entry.contains(field)) add(sameIds(field + (" of " + name), grid, entry[field].get<std::vector<std::int64_t>>()));
    };
    compare("grid_columns_rows", {ours.gridColumns, ours.gridRows});
    compare("grid_thw", {1, ours.gridRows, ours.gridColumns});
    if (entry.contains("image_tokens"))
      add(exactly("image_tokens of " + name, std::abs(ours.tokens - entry["image_tokens"].get<std::int64_t>()), 1));
  }

  std::vector<vision::ProcessedImage> comparePictures(const std::vector<RgbImage>& pictures) {
    std::vector<vision::ProcessedImage> processed;
    std::vector<at::Tensor> pixels;
    for (std::size_t i = 0; i < pictures.size(); ++i) {
      processed.push_back(model_.imageProcessor().process(pictures[i], model_.sharing(pictures.size())));
      const at::Tensor& values = processed.back().pixelValues;
      // The reference has the patches of all images in one list.
      pixels.push_back(processed.back().tokenRows > 0 ? values.flatten(0, -2) : values);
      compareGrid("image " + std::to_string(i), processed.back(), expected_.at("images")[i]);
    }
    if (inputs_.has("pixel_values") && !pixels.empty())
      add(compareTensors("pixel_values", at::cat(pixels), inputs_.tensor("pixel_values"),
                         tolerance("pixel_values", kPixelTolerance)));
    return processed;
  }

  // Each stage from the fixture's own inputs, so that a difference shows where it begins.
  void compareStages() {
    Observations observed;
    const model::Observer observer = observed.observer();
    SequenceInput input{.ids = idsOf(inputs_.tensor("input_ids")), .images = {}};
    if (inputs_.has("pixel_values")) {
      const at::Tensor question =
          inputs_.has("qformer_input_ids") ? inputs_.tensor("qformer_input_ids").flatten() : at::empty({0}, at::kLong);
      const at::Tensor rows = encodeImages(model_.network(), processed_, inputs_.tensor("pixel_values"), question, observed);
      input.images = imageRows(input.ids, rows);
    }
    const at::Tensor logits = forwardWhole(model_.network(), input, observer);
    const auto wanted = [&](const std::string& name) -> std::optional<Wanted> {
      if (name.starts_with("logits")) return std::nullopt;
      return Wanted{name, tolerance(name.starts_with("hidden") ? "hidden" : "vision", kTolerance)};
    };
    for (Check& check : compareObserved(observed, outputs_, wanted)) add(std::move(check));
    compareLogits(logits);

    // Once more in pieces over a cache, as a long prompt is computed.
    CachedSequence pieces(model_.network(), 16);
    if (outputs_.has("logits_last"))
      add(compareTensors("logits_last in pieces", pieces.start(std::move(input), {}), outputs_.tensor("logits_last"),
                         tolerance("logits", kTolerance)));
  }

  // The rows of all images one after another, at the ids that stand for them.
  std::vector<ImageRows> imageRows(const std::vector<text::TokenId>& ids, const at::Tensor& rows) const {
    const auto token = model_.tokenizer().idOf(model_.card().imageTokens.row);
    if (!token) throw Error(ErrorCode::InvalidInput, "the tokenizer has no token for the rows of images");
    std::vector<ImageRows> images;
    std::int64_t used = 0;
    for (std::int64_t at = 0; at < static_cast<std::int64_t>(ids.size());) {
      std::int64_t end = at;
      while (end < static_cast<std::int64_t>(ids.size()) && ids[static_cast<std::size_t>(end)] == *token) ++end;
      const std::int64_t length = end - at;
      if (used + length > rows.size(0)) break;
      if (length > 0) images.push_back(rowsOf(images.size(), {at, length}, rows.narrow(0, used, length)));
      used += length;
      at = end + 1;
    }
    const std::int64_t places = std::count(ids.begin(), ids.end(), *token);
    if (used != rows.size(0) || used != places)
      throw Error(ErrorCode::InvalidInput, "the images give " + std::to_string(rows.size(0)) +
                                               " rows, the prompt has places for " + std::to_string(places));
    return images;
  }

  void compareLogits(const at::Tensor& logits) {
    const double allowed = tolerance("logits", kTolerance);
    for (const auto& [name, entry] : outputs_.entries()) {
      const at::Tensor expected = outputs_.tensor(name);
      if (name == "logits_all") add(compareTensors(name, logits, expected, allowed));
      if (name == "logits_last") add(compareTensors(name, logits[-1], expected, allowed));
      if (name == "logits_last16")
        add(compareTensors(name, logits.narrow(0, logits.size(0) - expected.size(0), expected.size(0)), expected, allowed));
      if (name == "logits_argmax") add(sameIds(name, idsOf(logits.argmax(-1)), idsOf(expected)));
      if (name == "logits_logsumexp") add(compareTensors(name, logits.logsumexp(-1), expected, allowed));
    }
  }

  void compareBeams(const SequenceInput& input) {
    Generator generator(model_.network(), model_.tokenizer(), model_.answerRules());
    for (Check& check : beamChecks(expected_, generator, input, tolerance("logits", kTolerance))) add(std::move(check));
  }

  void compareGreedy(SequenceInput input) {
    const auto expected = expected_.at("greedy_ids").get<std::vector<text::TokenId>>();
    Generator generator(model_.network(), model_.tokenizer(), model_.answerRules());
    const std::vector<text::TokenId> ids = generator.greedy(std::move(input), static_cast<int>(expected.size()));
    add(sameIds("greedy_ids", ids, expected));
    if (expected_.contains("decoded"))
      add(sameText("decoded", model_.tokenizer().decode(ids, true), expected_["decoded"].get<std::string>()));
    if (expected_.contains("decoded_with_specials"))
      add(sameText("decoded_with_specials", model_.tokenizer().decode(ids, false),
                   expected_["decoded_with_specials"].get<std::string>()));
  }

  fs::path folder_;
  CaseResult& result_;
  nlohmann::json expected_;
  model::SafetensorsFile inputs_;
  model::SafetensorsFile outputs_;
  LoadedModel model_;
  std::vector<vision::ProcessedImage> processed_;  // the case's images, as they are prepared here
};

void compare(const fs::path& folder, CaseResult& result) {
  result.family = readModelCard(folder.parent_path()).family;
  ModelCase(folder, result).compare();
}

}  // namespace

std::vector<FixtureCase> modelCasesIn(const fs::path& folder) {
  for (const char* file : {"inputs.safetensors", "outputs.safetensors", "expected.json", "../config.json"})
    if (!fs::exists(folder / file)) return {};
  return {{.place = folder, .family = "models", .run = [folder](CaseResult& result) { compare(folder, result); }}};
}

}  // namespace orthoscribe::engine::verify
