// SPDX-License-Identifier: GPL-2.0-or-later
// A file mapped into memory for reading.
#pragma once

#include <cstddef>
#include <filesystem>

namespace orthoscribe::model {

class MappedFile {
 public:
  // Throws Error{NotFound} when the file cannot be opened, Error{InvalidInput} when it is empty or no plain file.
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  // Must not be written to: the mapping is private, but pages may be shared.
  std::byte* data() const { return data_; }
  std::size_t size() const { return size_; }

 private:
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace orthoscribe::model
