// SPDX-License-Identifier: GPL-2.0-or-later
// The engine's server in front of a model that only repeats, for tests from outside. Prints the same line as "orthoscribe serve".
//   scripted_server [--token-ms N] [--load-ms N] [--load-fails] [--queue N] [--body BYTES] [--read-s N] [--heartbeat-s N]
//   [--pixels N]
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "core/base/error.h"
#include "core/cli/interrupt.h"
#include "core/cli/parent_watch.h"
#include "core/engine/server.h"
#include "tests/engine/streaming_model.h"

namespace {

using namespace orthoscribe;

std::map<std::string, int> argumentsOf(int count, char** values) {
  std::map<std::string, int> arguments = {{"--token-ms", 1}, {"--load-ms", 0}, {"--load-fails", 0}};
  for (int index = 1; index + 1 < count; index += 2) arguments[values[index]] = std::stoi(values[index + 1]);
  return arguments;
}

engine::ServerOptions optionsOf(const std::map<std::string, int>& arguments) {
  engine::ServerOptions options;
  const char* token = std::getenv("ORTHOSCRIBE_TOKEN");
  options.token = token ? token : "";
  const auto set = [&arguments](const char* name, auto& value) {
    if (const auto found = arguments.find(name); found != arguments.end()) {
      value = static_cast<std::remove_reference_t<decltype(value)>>(found->second);
    }
  };
  set("--queue", options.maxQueue);
  set("--body", options.maxBodyBytes);
  set("--read-s", options.readTimeoutS);
  set("--heartbeat-s", options.heartbeatS);
  set("--pixels", options.maxImagePixels);
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  const CancelToken interrupt = cli::interruptToken();
  const auto arguments = argumentsOf(argc, argv);
  const auto load = [&arguments]() -> std::unique_ptr<VisionLanguageModel> {
    std::this_thread::sleep_for(std::chrono::milliseconds(arguments.at("--load-ms")));
    if (arguments.at("--load-fails") != 0) throw Error(ErrorCode::NotFound, "config.json is missing", "give a model folder");
    return std::make_unique<tests::StreamingModel>("scripted", std::chrono::milliseconds(arguments.at("--token-ms")));
  };
  try {
    engine::Server server(load, optionsOf(arguments));
    const cli::ParentWatch parentWatch([&server] { server.stop(); });
    std::printf("{\"url\":\"http://127.0.0.1:%d\",\"model\":\"scripted\",\"pid\":%d}\n", server.port(), getpid());
    std::fflush(stdout);
    server.run(interrupt);
  } catch (const Error& error) {
    std::fprintf(stderr, "scripted_server: %s\n", error.what());
    return 1;
  }
  return 0;
}
