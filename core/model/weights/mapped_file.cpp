// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/weights/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/base/error.h"

namespace orthoscribe::model {

MappedFile::MappedFile(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) throw Error(ErrorCode::NotFound, "cannot open " + path.string() + ": " + std::strerror(errno));
  struct stat status{};
  const bool regular = ::fstat(file, &status) == 0 && S_ISREG(status.st_mode);
  size_ = regular ? static_cast<std::size_t>(status.st_size) : 0;
  void* mapped = size_ > 0 ? ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file, 0) : MAP_FAILED;
  const int failure = errno;
  ::close(file);
  if (mapped == MAP_FAILED) {
    throw Error(
        ErrorCode::InvalidInput,
        path.string() + (size_ == 0 ? ": is empty or no file" : std::string(": cannot be mapped: ") + std::strerror(failure)),
        "the file is damaged; fetch it again");
  }
  data_ = static_cast<std::byte*>(mapped);
}

MappedFile::~MappedFile() {
  ::munmap(data_, size_);
}

}  // namespace orthoscribe::model
