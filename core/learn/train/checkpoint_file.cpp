// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/checkpoint_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/make_folders.h"
#include "core/model/weights/safetensors.h"

namespace orthoscribe::learn {
namespace {

namespace fs = std::filesystem;

void bringToDisk(const fs::path& path, int flags) {
  const int file = ::open(path.c_str(), flags | O_CLOEXEC);
  if (file < 0) throw Error(ErrorCode::Io, "cannot open " + path.string() + ": " + std::strerror(errno));
  const int failed = ::fsync(file) == 0 ? 0 : errno;
  ::close(file);
  // Some file systems cannot do it to folders.
  if (failed != 0 && failed != EINVAL) throw Error(ErrorCode::Io, "cannot write " + path.string() + ": " + std::strerror(failed));
}

}  // namespace

void writeCheckpointFile(const fs::path& path, const std::map<std::string, torch::Tensor>& tensors,
                         const std::map<std::string, std::string>& metadata) {
  try {
    makeFolders(path.parent_path());
    writeThenRename(path, [&](const fs::path& temporary) {
      model::writeSafetensors(temporary, tensors, metadata);
      bringToDisk(temporary, O_RDONLY);
    });
    bringToDisk(path.parent_path(), O_RDONLY | O_DIRECTORY);
  } catch (const Error& error) {
    throw Error(ErrorCode::Io, "the checkpoint could not be written: " + error.message(),
                fs::exists(path) ? "the one before it is whole; make room on the disk and go on with --resume"
                                 : "make room on the disk and start anew");
  } catch (const fs::filesystem_error& error) {
    throw Error(ErrorCode::Io, "the checkpoint could not be written: " + path.string() + ": " + error.code().message(),
                "make room on the disk or choose another output");
  }
}

}  // namespace orthoscribe::learn
