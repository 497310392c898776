// SPDX-License-Identifier: GPL-2.0-or-later
// The lines of a text file, with their numbers.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

namespace orthoscribe::learn {

class TextLines {
 public:
  // Throws Error{NotFound or Io} naming the file.
  explicit TextLines(std::filesystem::path path);

  // The next line that is not blank, without its end and without a mark of byte order. False at the end. Throws Error{Io}.
  bool next(std::string& line);
  // "file:line" of the last one.
  std::string where() const;

 private:
  std::filesystem::path path_;
  std::ifstream stream_;
  std::int64_t number_ = 0;
};

}  // namespace orthoscribe::learn
