// SPDX-License-Identifier: GPL-2.0-or-later
// What formats with one file a picture share: the files one after another, those that cannot be used passed over.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include "core/learn/data/record.h"

namespace orthoscribe::learn {

class FileByFileReader : public RecordReader {
 public:
  std::optional<Record> next() final {
    while (at_ < files_.size()) {
      Record record;
      if (read(files_[at_++], record)) return record;
    }
    return std::nullopt;
  }
  std::int64_t size() const final { return static_cast<std::int64_t>(files_.size()); }

 protected:
  explicit FileByFileReader(std::vector<std::filesystem::path> files) : files_(std::move(files)) {}
  const std::vector<std::filesystem::path>& files() const { return files_; }

 private:
  // False when nothing of the file can be used, which was told of.
  virtual bool read(const std::filesystem::path& file, Record& record) = 0;

  std::vector<std::filesystem::path> files_;
  std::size_t at_ = 0;
};

}  // namespace orthoscribe::learn
