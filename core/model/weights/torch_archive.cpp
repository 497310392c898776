// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/weights/torch_archive.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <utility>

#include "core/base/error.h"
#include "core/model/weights/pickle.h"
#include "core/model/weights/zip_archive.h"

namespace orthoscribe::model {
namespace {

namespace fs = std::filesystem;

// Before torch 1.6 it was a pickle from the first byte on.
void refuseOldFormat(const fs::path& path) {
  constexpr char kProtocol = '\x80';
  std::ifstream stream(path, std::ios::binary);
  if (stream.get() != std::char_traits<char>::to_int_type(kProtocol)) return;
  throw Error(ErrorCode::Unsupported, path.string() + ": is in the old format of torch.save, which is not read",
              "load and save it with a torch of today, or save it as safetensors");
}

// "adapter_model/" for "adapter_model/data.pkl".
std::string rootOf(const fs::path& path, const ZipArchive& archive) {
  std::string root;
  for (const auto& [name, entry] : archive.entries()) {
    if (name.ends_with("/data.pkl") && name.find('/') == name.size() - std::strlen("/data.pkl"))
      root = name.substr(0, name.find('/') + 1);
  }
  if (root.empty()) {
    throw Error(ErrorCode::Unsupported, path.string() + ": is a zip archive without a data.pkl, so not one of torch.save",
                "give an adapter_model.bin or adapter_model.safetensors");
  }
  return root;
}

class Storages {
 public:
  Storages(const fs::path& path, const ZipArchive& archive, std::string root)
      : path_(path), archive_(archive), root_(std::move(root)) {}

  // One-dimensional, all that the storage holds.
  const torch::Tensor& of(const std::string& name, const PickledTensor& tensor) {
    torch::Tensor& known = known_[tensor.storage];
    if (!known.defined()) known = load(name, tensor);
    if (known.scalar_type() == tensor.dtype && known.numel() == tensor.storageElements) return known;
    throw Error(ErrorCode::InvalidInput, path_.string() + ": the storage of '" + name + "' is described in two ways");
  }

 private:
  torch::Tensor load(const std::string& name, const PickledTensor& tensor) const {
    const std::string bytes = archive_.read(root_ + "data/" + tensor.storage);
    const std::uint64_t size = c10::elementSize(tensor.dtype);
    if (bytes.size() % size != 0 || bytes.size() / size != static_cast<std::uint64_t>(tensor.storageElements)) {
      throw Error(ErrorCode::InvalidInput,
                  path_.string() + ": the storage of '" + name + "' holds " + std::to_string(bytes.size()) +
                      " bytes, expected are " + std::to_string(tensor.storageElements) + " elements of " + std::to_string(size),
                  "the file is damaged; fetch it again");
    }
    torch::Tensor loaded = at::empty({tensor.storageElements}, torch::TensorOptions().dtype(tensor.dtype));
    if (!bytes.empty()) std::memcpy(loaded.data_ptr(), bytes.data(), bytes.size());
    return loaded;
  }

  const fs::path& path_;
  const ZipArchive& archive_;
  std::string root_;
  std::map<std::string, torch::Tensor> known_;
};

}  // namespace

std::map<std::string, torch::Tensor> readTorchArchive(const fs::path& path) {
  refuseOldFormat(path);
  const ZipArchive archive(path);
  const std::string root = rootOf(path, archive);
  if (archive.entries().contains(root + "byteorder") && archive.read(root + "byteorder") != "little")
    throw Error(ErrorCode::Unsupported, path.string() + ": its numbers are stored with the highest byte first");
  Storages storages(path, archive, root);
  std::map<std::string, torch::Tensor> tensors;
  for (const auto& [name, tensor] : readPickledTensors(archive.read(root + "data.pkl"), path.string())) {
    const torch::Tensor& storage = storages.of(name, tensor);
    if (storage.numel() == 0 || std::find(tensor.sizes.begin(), tensor.sizes.end(), 0) != tensor.sizes.end()) {
      tensors[name] = at::empty(tensor.sizes, storage.options());
      continue;
    }
    tensors[name] = storage.as_strided(tensor.sizes, tensor.strides, tensor.offset).clone(at::MemoryFormat::Contiguous);
  }
  return tensors;
}

}  // namespace orthoscribe::model
