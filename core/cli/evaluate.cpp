// SPDX-License-Identifier: GPL-2.0-or-later
// orthoscribe evaluate: a model measured on labelled pictures, on conversations with known answers, or on closed-book questions.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/cli/command.h"
#include "core/cli/interrupt.h"
#include "core/cli/terminal_progress.h"
#include "core/client/http_model.h"
#include "core/engine/local_model.h"
#include "core/learn/data/survey.h"
#include "core/learn/evaluate/evaluation.h"
#include "core/learn/evaluate/remembering_model.h"
#include "core/learn/metrics/report/evaluation_page.h"

namespace orthoscribe::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kStandardOutput = "-";

struct Options {
  std::string model;
  std::string endpoint;
  std::vector<std::string> adapters;
  std::string precision = "auto";
  std::string device = "auto";
  std::string dialect;
  std::vector<fs::path> data;
  fs::path split;
  fs::path imageRoot;
  bool everything = false;
  std::string instruction;
  learn::EvaluationOptions evaluation;
  fs::path answers;
  fs::path report;
  std::string json;  // a file, or "-" for standard output
};

std::unique_ptr<VisionLanguageModel> openModel(const Options& options) {
  if (!options.endpoint.empty()) {
    const char* token = std::getenv("ORTHOSCRIBE_TOKEN");
    client::EndpointOptions endpoint;
    endpoint.url = options.endpoint;
    endpoint.token = token != nullptr ? token : "";
    endpoint.model = options.model;
    if (!options.adapters.empty()) endpoint.adapter = options.adapters.front();
    return client::makeHttpModel(endpoint);
  }
  engine::LoadOptions load{
      .model = findModelDirectory(options.model), .adapters = {}, .device = options.device, .precision = options.precision};
  for (const std::string& adapter : options.adapters) load.adapters.push_back(findAdapterDirectory(adapter));
  return engine::loadLocalModel(load);
}

// The pictures that the model must not have seen: those its own split holds out, unless another split is given.
learn::Survey pictures(const Options& options, const fs::path& folder, const CancelToken& cancel) {
  learn::Split split;
  if (!options.everything) {
    if (options.split.empty() && !options.endpoint.empty())
      throw Error(ErrorCode::InvalidInput, "which pictures are held out is not known of a server's model",
                  "Give its split with --split, or --all to take every picture of the folder.");
    const fs::path path = options.split.empty() ? findModelDirectory(options.model) / "split.json" : options.split;
    if (!fs::exists(path)) {
      throw Error(ErrorCode::NotFound, path.string() + ": the split is missing",
                  "Give one with --split, or --all to take every picture of the folder.");
    }
    split = learn::readSplit(path);
  }
  learn::Survey survey =
      learn::surveyData(folder, {.split = &split, .train = options.everything, .heldOut = !options.everything}, cancel);
  if (options.everything) {
    std::erase_if(survey.train, [](const learn::Sample& sample) { return !sample.scene; });
    survey.heldOut = std::move(survey.train);
  }
  if (survey.heldOut.empty()) throw Error(ErrorCode::InvalidInput, folder.string() + ": holds none of the split's pictures");
  return survey;
}

// All questions of all data; surveys keeps the pictures that they are about.
std::vector<learn::ExamCase> casesOf(const Options& options, const tasks::Dialect* dialect,
                                     std::vector<std::unique_ptr<learn::Survey>>& surveys, const CancelToken& cancel) {
  std::vector<learn::ExamCase> cases;
  for (const fs::path& data : options.data) {
    std::vector<learn::ExamCase> more;
    if (fs::is_directory(data)) {
      if (dialect == nullptr)
        throw Error(ErrorCode::Unsupported, "how to ask this model is not known", "Name its way with --dialect.");
      surveys.push_back(std::make_unique<learn::Survey>(pictures(options, data, cancel)));
      more = learn::sampleCases(surveys.back()->heldOut, *dialect);
    } else if (learn::isBenchmarkFile(data)) {
      more = learn::benchmarkCases(data, options.instruction);
    } else {
      more = learn::conversationCases(data, options.imageRoot);
    }
    if (more.empty()) throw Error(ErrorCode::InvalidInput, data.string() + ": holds no questions");
    std::move(more.begin(), more.end(), std::back_inserter(cases));
  }
  return cases;
}

std::string joinedNames(const std::vector<fs::path>& paths) {
  std::string names;
  for (const fs::path& path : paths) {
    const fs::path name = path.has_filename() ? path.filename() : path.parent_path().filename();
    names += (names.empty() ? "" : ", ") + name.string();
  }
  return names;
}

void writeReports(const Options& options, const ModelInfo& info, const learn::EvaluationResult& result,
                  const nlohmann::ordered_json& document) {
  const auto write = [](const fs::path& path, const std::string& text) {
    writeThenRename(path, [&](const fs::path& temporary) { writeTextFile(temporary, text); });
  };
  if (!options.json.empty() && options.json != kStandardOutput) write(options.json, document.dump(1) + "\n");
  if (options.report.empty()) return;
  learn::EvaluationPage page;
  page.title = "Evaluation of " + (info.name.empty() ? std::string("a model") : info.name);
  page.facts = {{"Data", joinedNames(options.data)}, {"Questions", std::to_string(result.questions)}};
  const auto fact = [&](const char* name, const std::string& value) {
    if (!value.empty()) page.facts.emplace_back(name, value);
  };
  fact("Family", info.family);
  fact("Precision", info.precision);
  for (const std::string& adapter : info.adapters) fact("Adapter", adapter);
  fact("SHA-256 of the model", info.contentHash);
  page.sections = result.sections;
  write(options.report, learn::evaluationHtml(page));
}

int evaluate(const Options& options) {
  const CancelToken cancel = interruptToken();
  const std::unique_ptr<VisionLanguageModel> model = openModel(options);
  const ModelInfo info = model->info();
  const tasks::Dialect* dialect = options.dialect.empty() ? tasks::findDialectFor(info) : &tasks::dialectNamed(options.dialect);
  std::vector<std::unique_ptr<learn::Survey>> surveys;
  const std::vector<learn::ExamCase> cases = casesOf(options, dialect, surveys, cancel);
  std::optional<learn::RememberingModel> remembering;
  if (!options.answers.empty()) remembering.emplace(*model, options.answers);
  VisionLanguageModel& asked = remembering ? static_cast<VisionLanguageModel&>(*remembering) : *model;
  learn::EvaluationResult result;
  try {
    TerminalProgress progress("Evaluating", options.json == kStandardOutput);
    result = learn::evaluateCases(
        asked, dialect, cases, options.evaluation, [&](const Progress& state) { progress.show(state); }, cancel);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::Cancelled && remembering)
      std::fprintf(stderr, "orthoscribe: the answers so far are kept in %s; the same command goes on from there\n",
                   options.answers.c_str());
    throw;
  }
  nlohmann::ordered_json document = {{"model", info.name},
                                     {"content_hash", info.contentHash},
                                     {"data", joinedNames(options.data)},
                                     {"questions", result.questions}};
  if (remembering) document["remembered"] = remembering->remembered();
  document.update(result.json);
  writeReports(options, info, result, document);
  if (options.json == kStandardOutput) {
    std::printf("%s\n", document.dump(1).c_str());
  } else {
    std::printf("%zu questions\n\n%s", result.questions, learn::evaluationMarkdown(result.sections).c_str());
  }
  return kDone;
}

}  // namespace

Run declareEvaluate(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("--model", options->model,
                 "Folder of a model, or the name of an installed one (default: the starter); with --endpoint, the server's name");
  CLI::Option* endpoint =
      app.add_option("--endpoint", options->endpoint, "Ask a server that speaks OpenAI's chat completions")->type_name("URL");
  app.add_option("--adapter", options->adapters, "Folder of an adapter, or the name of an installed one");
  app.add_option("--data", options->data,
                 "Folder with scenes/, objects/ and captions/ (its held-out part), a file of conversations, or a benchmark's "
                 "file; may be given several times")
      ->required()
      ->check(CLI::ExistingPath);
  app.add_option("--split", options->split, "Split whose held-out pictures are used; the model's own otherwise");
  app.add_flag("--all", options->everything, "Every picture of the folder, for data the model has never seen");
  app.add_option("--image-root", options->imageRoot,
                 "Folder that conversations' pictures are relative to; their file's otherwise");
  app.add_option("--task", options->evaluation.tasks, "Only this task; may be given several times")
      ->check(
          CLI::IsMember({"caption", "vqa", "classification", "detection", "grounding", "knowledge", "zoom", "change", "aspect"}));
  app.add_option("--iou", options->evaluation.overlap, "Overlap that a detection needs")
      ->check(CLI::Range(0.05, 0.95))
      ->capture_default_str();
  app.add_option("--instruction", options->instruction, "Added to closed-book questions, as \"Answer with a word or a number.\"");
  app.add_option("--dialect", options->dialect, "How the model writes boxes (default: as it says itself, or by its name)");
  app.add_option("--precision", options->precision, "auto, float32 or bfloat16")->capture_default_str()->excludes(endpoint);
  app.add_option("--device", options->device, "auto, cpu or cuda")->capture_default_str()->excludes(endpoint);
  app.add_option("--parallel", options->evaluation.parallel, "Questions under way at once; more than one is for servers")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  app.add_option("--answers", options->answers, "File that keeps the answers as they come; those in it are not asked for again");
  app.add_option("--report", options->report, "HTML file to write, with figures and the worst cases");
  app.add_option("--worst", options->evaluation.worstCases, "Worst cases that are pictured, a task")
      ->check(CLI::Range(0, 200))
      ->capture_default_str();
  app.add_option("--json", options->json, "JSON file to write; alone: JSON on standard output, for machines")
      ->expected(0, 1)
      ->default_str(kStandardOutput)
      ->type_name("FILE");
  return [options] { return evaluate(*options); };
}

}  // namespace orthoscribe::cli
