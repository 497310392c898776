// SPDX-License-Identifier: GPL-2.0-or-later
// A file of conversations read in any order: only where its lines begin is kept in memory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "core/learn/data/conversation.h"

namespace orthoscribe::learn {

class ConversationFile {
 public:
  // imageRoot: what the names of pictures are relative to; empty: the file's folder. Empty lines do not count. Throws
  // Error{NotFound or Io} naming the file, Error{InvalidInput} when it holds no line at all.
  explicit ConversationFile(std::filesystem::path path, std::filesystem::path imageRoot = {});

  std::int64_t size() const { return static_cast<std::int64_t>(lines_.size()); }
  // Throws Error{InvalidInput} without the place, which where() tells, when the line is no conversation; Error{Io}. Not from
  // several threads at once.
  Conversation read(std::int64_t index);
  // "file:line", counted from 1.
  std::string where(std::int64_t index) const;
  std::filesystem::path imagePath(const std::string& name) const;

 private:
  struct Line {
    std::int64_t offset = 0;
    std::int64_t number = 0;
  };
  std::filesystem::path path_;
  std::filesystem::path imageRoot_;
  std::ifstream stream_;
  std::vector<Line> lines_;
};

}  // namespace orthoscribe::learn
