// SPDX-License-Identifier: GPL-2.0-or-later
// A model whose answers are kept in a file as they come, so that an evaluation that was stopped goes on where it was.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <string>

#include "core/base/vision_language_model.h"

namespace orthoscribe::learn {

class RememberingModel : public VisionLanguageModel {
 public:
  // Answers in the file that belong to this model (its content hash and adapters, or its name where it has none) and to the same
  // words, pictures and options are not asked for again. The file is made where it is missing; a line that was cut short is
  // passed over. model must outlive this. Throws Error{Io} naming the file.
  RememberingModel(VisionLanguageModel& model, const std::filesystem::path& file);

  Reply chat(const std::vector<Message>& messages, const GenerationOptions& options, const OnToken& onToken,
             const CancelToken& cancel) override;
  ModelInfo info() override { return info_; }

  // How many answers came from the file.
  std::int64_t remembered() const;

 private:
  void load();
  void keep(const std::string& key, const std::string& question, const Reply& reply);

  VisionLanguageModel& model_;
  ModelInfo info_;
  std::filesystem::path path_;
  mutable std::mutex mutex_;
  std::map<std::string, Reply> replies_;
  std::ofstream file_;
  std::int64_t remembered_ = 0;
};

}  // namespace orthoscribe::learn
