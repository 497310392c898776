// SPDX-License-Identifier: GPL-2.0-or-later
// A model behind any server that speaks OpenAI's chat completions: our engine, vLLM, SGLang.
#pragma once

#include <memory>
#include <string>

#include "core/base/vision_language_model.h"

namespace orthoscribe::client {

struct EndpointOptions {
  std::string url;           // "http://127.0.0.1:8080" or "http://host:8000/v1"
  std::string token;         // bearer token; empty: none
  std::string model;         // name to ask for; empty: the first the server lists
  std::string adapter = {};  // name that our engine knows it by, for every request that names none; empty: the server's default
  int connectTimeoutS = 5;
  int readTimeoutS = 600;
};

// Does not contact the server yet. Throws Error{InvalidInput} for a URL that is none.
std::unique_ptr<VisionLanguageModel> makeHttpModel(const EndpointOptions& options);

}  // namespace orthoscribe::client
