// SPDX-License-Identifier: GPL-2.0-or-later
// Zip archives (PKWARE's APPNOTE 6.3), as torch.save writes them: stored or deflated entries, Zip64 where files are large.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "core/model/weights/mapped_file.h"

namespace orthoscribe::model {

class ZipArchive {
 public:
  struct Entry {
    std::uint16_t method = 0;  // 0: stored, 8: deflated
    std::uint32_t checksum = 0;
    std::uint64_t packedBytes = 0;
    std::uint64_t bytes = 0;
    std::uint64_t headerAt = 0;
  };

  // Reads the directory. Throws Error{NotFound} when the file cannot be opened, Error{InvalidInput} naming file and entry for a
  // directory that lies (bounds, names given twice), Error{Unsupported} for encryption, several disks and other compressions.
  explicit ZipArchive(const std::filesystem::path& path);

  const std::map<std::string, Entry>& entries() const { return entries_; }

  // The entry's bytes, checked against its checksum. Throws Error{InvalidInput or NotFound} naming file and entry.
  std::string read(const std::string& name) const;

 private:
  struct Directory {
    std::uint64_t at = 0;
    std::uint64_t bytes = 0;
    std::uint64_t entries = 0;
  };

  Directory findDirectory() const;
  void readDirectory(const Directory& directory);
  void readZip64(const std::string& name, std::uint64_t at, std::uint64_t end, Entry& entry) const;
  std::uint64_t number(std::uint64_t at, int bytes) const;
  [[noreturn]] void lies(const std::string& what) const;

  std::filesystem::path path_;
  std::shared_ptr<const MappedFile> file_;
  std::map<std::string, Entry> entries_;
};

}  // namespace orthoscribe::model
