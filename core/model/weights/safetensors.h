// SPDX-License-Identifier: GPL-2.0-or-later
// The safetensors format: eight bytes with the header's length (little endian), a JSON header {name: {dtype, shape,
// data_offsets}}, then the tensors one after another.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/weights/mapped_file.h"

namespace orthoscribe::model {

struct StoredTensor {
  torch::ScalarType dtype = torch::kFloat32;
  std::vector<std::int64_t> shape;
  std::uint64_t begin = 0;  // bytes after the header
  std::uint64_t end = 0;
};

// A file mapped into memory. Copies share the mapping.
class SafetensorsFile {
 public:
  // Checks the whole header against the file's size before anything is read. Throws Error{NotFound} when the file cannot be
  // opened, Error{InvalidInput} naming file and tensor for a header that lies: length, offsets, overlaps, gaps, unknown dtypes,
  // sizes that do not fit the shape, names given twice.
  explicit SafetensorsFile(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return path_; }
  const std::map<std::string, StoredTensor>& entries() const { return entries_; }
  const std::map<std::string, std::string>& metadata() const { return metadata_; }
  bool has(const std::string& name) const { return entries_.contains(name); }

  // On the CPU, in the stored precision, without a copy where the alignment allows it; keeps the mapping alive. Must not be
  // written to. Throws Error{NotFound} naming file and tensor.
  torch::Tensor tensor(const std::string& name) const;

 private:
  std::filesystem::path path_;
  std::shared_ptr<const MappedFile> mapping_;
  std::uint64_t dataBegin_ = 0;
  std::map<std::string, StoredTensor> entries_;
  std::map<std::string, std::string> metadata_;
};

// As such files call it ("BF16"); "unknown" for others.
std::string_view dtypeName(torch::ScalarType type);

// Beside and renamed. Tensors are made contiguous and brought to the CPU; their dtypes are kept. Throws Error{Io} naming the
// file.
void writeSafetensors(const std::filesystem::path& path, const std::map<std::string, torch::Tensor>& tensors,
                      const std::map<std::string, std::string>& metadata = {});

}  // namespace orthoscribe::model
