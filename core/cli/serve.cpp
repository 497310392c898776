// SPDX-License-Identifier: GPL-2.0-or-later
// orthoscribe serve: a model behind OpenAI's chat completions.
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <format>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "core/base/files.h"
#include "core/base/log.h"
#include "core/cli/command.h"
#include "core/cli/interrupt.h"
#include "core/cli/parent_watch.h"
#include "core/engine/local_model.h"
#include "core/engine/server.h"

namespace orthoscribe::cli {
namespace {

constexpr const char* kTokenVariable = "ORTHOSCRIBE_TOKEN";
// A model that is being loaded, or reads a long prompt, does not look at its token meanwhile.
constexpr std::chrono::milliseconds kStopPatience{700};

struct ServeOptions {
  std::string model;
  std::vector<std::string> adapters;
  std::vector<std::string> offered;
  std::string host = "127.0.0.1";
  int port = 0;
  std::string device = "auto";
  std::string precision = "auto";
  int threads = 0;
  bool withParent = false;
};

struct Token {
  std::string text;
  bool fresh = false;  // nobody knows it yet
};

Token serverToken() {
  const char* given = std::getenv(kTokenVariable);
  if (given && *given) {
    Token token{.text = given, .fresh = false};
    // Not for processes that libraries may start.
    unsetenv(kTokenVariable);
    return token;
  }
  std::random_device random;
  Token token{.text = {}, .fresh = true};
  for (int word = 0; word < 8; ++word) token.text += std::format("{:08x}", random());
  return token;
}

bool isLoopback(const std::string& host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

std::string urlOf(const std::string& host, int port) {
  const bool isAddress6 = host.find(':') != std::string::npos;
  return std::format("http://{}:{}", isAddress6 ? "[" + host + "]" : host, port);
}

// One line of JSON for whoever started us: where to ask, and with what.
void announce(const ServeOptions& options, int port, const std::filesystem::path& model, const Token& token) {
  nlohmann::json line = {
      {"url", urlOf(options.host, port)}, {"model", model.filename().string()}, {"pid", static_cast<std::int64_t>(getpid())}};
  if (token.fresh) line["token"] = token.text;
  std::printf("%s\n", line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
  std::fflush(stdout);
}

// Nothing is lost by it: a server has nothing to save.
void endSoon() {
  std::thread([] {
    std::this_thread::sleep_for(kStopPatience);
    std::_Exit(kDone);
  }).detach();
}

std::vector<std::filesystem::path> adapterFolders(const std::vector<std::string>& named) {
  std::vector<std::filesystem::path> folders;
  for (const std::string& adapter : named) folders.push_back(findAdapterDirectory(adapter));
  return folders;
}

int serve(const ServeOptions& options) {
  // First, so that threads made later do not take the signals.
  const CancelToken interrupt = interruptToken();
  const Token token = serverToken();
  const engine::LoadOptions load{.model = findModelDirectory(options.model),
                                 .adapters = adapterFolders(options.adapters),
                                 .offered = adapterFolders(options.offered),
                                 .device = options.device,
                                 .precision = options.precision,
                                 .threads = options.threads};
  if (!isLoopback(options.host)) {
    log::warning("serving on " + options.host +
                 ": whoever reaches this machine and knows the token can use the model; the traffic "
                 "is not encrypted");
  }
  engine::Server server([load] { return engine::loadLocalModel(load); },
                        {.host = options.host, .port = options.port, .token = token.text});
  CancelSource stop;
  const auto onInterrupt = interrupt.onCancel([&stop] { stop.cancel(); });
  const auto onStop = stop.token().onCancel(endSoon);
  std::optional<ParentWatch> parentWatch;
  if (options.withParent) parentWatch.emplace([&stop] { stop.cancel(); });
  announce(options, server.port(), load.model, token);
  server.run(stop.token());
  return kDone;
}

}  // namespace

Run declareServe(CLI::App& app) {
  const auto options = std::make_shared<ServeOptions>();
  app.add_option("--model", options->model, "Folder of a model, or the name of an installed one (default: the starter)");
  app.add_option(
      "--adapter", options->adapters,
      "Folder of an adapter, or the name of an installed one; may be given several times: the first is applied unless a "
      "request chooses another (orthoscribe.adapter, or the model name \"MODEL:ADAPTER\")");
  app.add_option(
      "--offer", options->offered,
      "The same, for an adapter that is only applied where a request names it; left out when it does not fit the model");
  app.add_option("--host", options->host, "Address to listen on")->capture_default_str();
  app.add_option("--port", options->port, "Port to listen on; 0: any free one")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str();
  app.add_option("--device", options->device, "auto, cpu, cuda, cuda:1")->capture_default_str();
  app.add_option("--precision", options->precision, "auto, float32, bfloat16")->capture_default_str();
  app.add_option("--threads", options->threads, "Threads of the model; 0: as many as it is worth")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_flag("--with-parent", options->withParent, "End when standard input ends or the parent process does");
  app.footer(std::string("The bearer token is taken from the environment variable ") + kTokenVariable +
             "; without it a fresh one is made and printed. Once the server listens, one line of JSON on standard output says "
             "where. GET /health says whether the model is loaded.");
  return [options] { return serve(*options); };
}

}  // namespace orthoscribe::cli
