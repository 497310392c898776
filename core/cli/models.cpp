// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/routing_json.h"
#include "core/cli/adapter_report.h"
#include "core/cli/command.h"
#include "core/cli/interrupt.h"
#include "core/cli/routing_report.h"
#include "core/engine/aspects/aspect_set.h"
#include "core/engine/content_hash.h"
#include "core/engine/local_model.h"
#include "core/engine/model_card.h"

namespace orthoscribe::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

struct Options {
  std::string name;
  std::vector<std::string> adapters;
  std::string prompt;
  bool asJson = false;
};

std::uint64_t weightBytes(const fs::path& folder) {
  std::uint64_t bytes = 0;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_regular_file() && entry.path().extension() == ".safetensors") bytes += entry.file_size();
  return bytes;
}

// Name to ask for it by, and the folder.
std::vector<std::pair<std::string, fs::path>> installedModels() {
  std::vector<std::pair<std::string, fs::path>> models;
  try {
    models.emplace_back("starter", starterModelDirectory());
  } catch (const Error&) {
    // A build without the starter has only what the user installed.
  }
  const fs::path folder = userDataDirectory() / "models";
  std::vector<fs::path> found;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored))
    if (fs::exists(entry.path() / "config.json", ignored)) found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  for (const fs::path& path : found) models.emplace_back(path.filename().string(), path);
  return models;
}

json describe(const std::string& name, const fs::path& folder) {
  json entry{{"name", name}, {"folder", folder.string()}};
  try {
    const engine::ModelCard card = engine::readModelCard(folder);
    entry.update({{"family", card.family}, {"dialect", card.dialect}, {"weight_bytes", weightBytes(folder)}});
  } catch (const Error& error) {
    // One damaged folder must not hide the others.
    entry["error"] = error.what();
  }
  return entry;
}

int list(const Options& options) {
  json entries = json::array();
  for (const auto& [name, folder] : installedModels()) entries.push_back(describe(name, folder));
  if (options.asJson) {
    std::printf("%s\n", entries.dump(2).c_str());
    return kDone;
  }
  if (entries.empty())
    std::printf("No models are installed. Put model folders into %s\n", (userDataDirectory() / "models").c_str());
  for (const json& entry : entries) {
    const std::string name = entry["name"];
    if (entry.contains("error")) {
      std::printf("%-24s cannot be used: %s\n", name.c_str(), entry["error"].get<std::string>().c_str());
      continue;
    }
    std::printf("%-24s %-16s %8.1f MB  %s\n", name.c_str(), entry["family"].get<std::string>().c_str(),
                entry["weight_bytes"].get<double>() / 1e6, entry["folder"].get<std::string>().c_str());
  }
  return kDone;
}

bool isAdapterAlone(const fs::path& folder) {
  const bool adapter = fs::exists(folder / "adapter_config.json") || engine::isAspectSet(folder);
  return adapter && !fs::exists(folder / "config.json");
}

json adaptersOf(const fs::path& folder, const Options& options) {
  json adapters = json::array();
  if (fs::exists(folder / "adapter_config.json")) adapters.push_back(adapterJson(folder));
  for (const std::string& adapter : options.adapters) adapters.push_back(adapterJson(findAdapterDirectory(adapter)));
  return adapters;
}

// What the experts do with one question.
RoutingStatistics routingOf(const fs::path& folder, const Options& options) {
  engine::LoadOptions load;
  load.model = folder;
  for (const std::string& adapter : options.adapters) load.adapters.push_back(findAdapterDirectory(adapter));
  GenerationOptions generation;
  generation.maxNewTokens = 64;
  generation.routing = true;
  const auto model = engine::loadLocalModel(load);
  const Reply reply = model->chat({{.role = Role::User, .text = options.prompt, .images = {}}}, generation, {}, interruptToken());
  return reply.routing.value_or(RoutingStatistics{});
}

int printAdapter(const fs::path& folder, const Options& options) {
  const json entry = adapterJson(folder);
  if (options.asJson) {
    std::printf("%s\n", entry.dump(2).c_str());
    return kDone;
  }
  for (const std::string& line : adapterLines(entry)) std::printf("%s\n", line.c_str());
  return kDone;
}

json details(const fs::path& folder) {
  const engine::ModelCard card = engine::readModelCard(folder);
  const json resize =
      card.resize
          ? json{{"factor", card.resize->factor}, {"min_pixels", card.resize->minPixels}, {"max_pixels", card.resize->maxPixels}}
          : json();
  return {{"name", card.name},
          {"folder", fs::weakly_canonical(folder).string()},
          {"family", card.family},
          {"dialect", card.dialect},
          {"template", card.templateName},
          {"image_side_px", card.imageSidePx},
          {"resize", resize},
          {"ground_resolution_m", card.groundResolutionM},
          {"classes", card.classes},
          {"weight_bytes", weightBytes(folder)},
          {"content_hash", engine::contentHash(folder)}};
}

int info(const Options& options) {
  const fs::path folder = findModelDirectory(options.name);
  if (isAdapterAlone(folder)) return printAdapter(folder, options);
  json entry = details(folder);
  entry["adapters"] = adaptersOf(folder, options);
  RoutingStatistics routing;
  if (!options.prompt.empty()) {
    routing = routingOf(folder, options);
    entry["routing"] = routingJson(routing);
  }
  if (options.asJson) {
    std::printf("%s\n", entry.dump(2).c_str());
    return kDone;
  }
  std::string classes;
  for (const json& name : entry["classes"]) classes += (classes.empty() ? "" : ", ") + name.get<std::string>();
  const double metres = entry["ground_resolution_m"];
  const auto line = [](const char* label, const std::string& value) { std::printf("%-18s %s\n", label, value.c_str()); };
  line("Name", entry["name"]);
  line("Folder", entry["folder"]);
  line("Family", entry["family"]);
  line("Dialect of boxes", entry["dialect"].get<std::string>().empty() ? "none" : entry["dialect"].get<std::string>());
  line("Template", entry["template"]);
  line("Window", std::to_string(entry["image_side_px"].get<int>()) + " px");
  line("Ground resolution", metres > 0 ? json(metres).dump() + " m a pixel" : "any");
  line("Classes", classes.empty() ? "open" : classes);
  line("Weights", json(entry["weight_bytes"].get<double>() / 1e6).dump() + " MB");
  line("SHA-256", entry["content_hash"]);
  for (const json& adapter : entry["adapters"])
    for (const std::string& text : adapterLines(adapter)) std::printf("%s\n", text.c_str());
  if (!options.prompt.empty())
    for (const std::string& text : routingLines(routing)) std::printf("%s\n", text.c_str());
  return kDone;
}

}  // namespace

Run declareModels(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_flag("--json", options->asJson, "Write JSON");
  app.require_subcommand(0, 1);
  CLI::App* listCommand = app.add_subcommand("list", "List the installed models (the default)");
  CLI::App* infoCommand = app.add_subcommand("info", "Tell about one model");
  listCommand->fallthrough();
  infoCommand->fallthrough();
  infoCommand->add_option("name", options->name, "A folder of a model or an adapter, or the name of an installed model")
      ->required();
  infoCommand->add_option("--adapter", options->adapters, "Tell about this adapter too; may be given several times");
  infoCommand->add_option("--prompt", options->prompt, "Ask this and tell which experts were used")->type_name("TEXT");
  return [options, infoCommand] { return infoCommand->parsed() ? info(*options) : list(*options); };
}

}  // namespace orthoscribe::cli
