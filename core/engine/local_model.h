// SPDX-License-Identifier: GPL-2.0-or-later
// The engine in process: a model folder behind the VisionLanguageModel interface. No torch type is seen here.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/base/vision_language_model.h"

namespace orthoscribe::engine {

struct LoadOptions {
  std::filesystem::path model;  // folder in Hugging Face layout
  // Adapter folders, all loaded, known by their folders' names: the first is applied unless a request chooses another. An adapter
  // inside the model folder is applied by itself. One of them may be a set of aspect experts (aspects/aspect_set.h), which a
  // request for a description by aspects goes through; the model may be such a set too.
  std::vector<std::filesystem::path> adapters;
  // More of them, which only requests that name them apply; those that do not fit the model are left out with a warning.
  std::vector<std::filesystem::path> offered = {};
  std::string device = "auto";     // "auto", "cpu", "cuda", "cuda:1"
  std::string precision = "auto";  // "auto", "float32", "bfloat16"
  int threads = 0;                 // 0: as many as the model is worth (thread_choice.h)
};

// Loads eagerly. Throws Error: NotFound (no config.json, a shard missing), InvalidInput (a file that lies, a tensor of the wrong
// shape), Unsupported (unknown family, with the known ones). chat() from several threads is served one after the other.
std::unique_ptr<VisionLanguageModel> loadLocalModel(const LoadOptions& options);

}  // namespace orthoscribe::engine
