// SPDX-License-Identifier: GPL-2.0-or-later
// A file of weights from anywhere. Where the input does not begin with a length that fits it, one is put in front, so that
// headers are reached.
#include <sys/mman.h>
#include <torch/types.h>
#include <unistd.h>

#include <cstring>
#include <string>

#include "core/model/weights/safetensors.h"
#include "tests/fuzz/expect.h"

namespace {

using namespace orthoscribe;

// A file in memory, by a name that can be opened.
class MemoryFile {
 public:
  MemoryFile() : descriptor_(memfd_create("fuzz", 0)) {}
  ~MemoryFile() { close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  void fill(const std::string& bytes) const {
    fuzz::expect(ftruncate(descriptor_, 0) == 0, "the file can be emptied");
    fuzz::expect(pwrite(descriptor_, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()),
                 "the file can be filled");
  }
  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

std::string asFile(std::string_view input) {
  const std::size_t end = input.find('\n');
  if (input.empty() || input.front() != '{' || end == std::string_view::npos) return std::string(input);
  const std::uint64_t length = end;
  std::string bytes(sizeof length, '\0');
  std::memcpy(bytes.data(), &length, sizeof length);
  return bytes.append(input.substr(0, end)).append(input.substr(end + 1));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const MemoryFile file;
  file.fill(asFile(fuzz::textOf(data, size)));
  fuzz::mayRefuse([&] {
    const model::SafetensorsFile weights(file.path());
    for (const auto& [name, stored] : weights.entries()) {
      const torch::Tensor tensor = weights.tensor(name);
      fuzz::expect(tensor.dim() == static_cast<std::int64_t>(stored.shape.size()), "a tensor has the header's shape");
      // Every byte is read, so that the sanitizer sees one that is not the file's.
      if (tensor.numel() > 0) {
        std::string copy(tensor.nbytes(), '\0');
        std::memcpy(copy.data(), tensor.const_data_ptr(), copy.size());
      }
    }
  });
  return 0;
}
