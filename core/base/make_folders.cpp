// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/make_folders.h"

#include <system_error>

#include "core/base/error.h"

namespace orthoscribe {

void makeFolders(const std::filesystem::path& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (!failed) return;
  throw Error(ErrorCode::Io, "the folder " + folder.string() + " cannot be made: " + failed.message(),
              "name another one, where you may write");
}

}  // namespace orthoscribe
