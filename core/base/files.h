// SPDX-License-Identifier: GPL-2.0-or-later
// Files: reading whole, writing beside and renaming, and the folders where Orthoscribe keeps its things.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace orthoscribe {

// Throws Error{NotFound or Io} naming the file.
std::string readTextFile(const std::filesystem::path& path);

// Lets `write` make the file under a temporary name in the same folder, then renames it over `path`, so that
// nothing partial ever replaces something whole. On an exception the temporary file is removed. The temporary name keeps
// the file's extension, because format drivers look at it.
void writeThenRename(const std::filesystem::path& path, const std::function<void(const std::filesystem::path& temporary)>& write);

// Throws Error{Io} naming the file.
void writeTextFile(const std::filesystem::path& path, std::string_view text);

// $XDG_DATA_HOME/orthoscribe, or ~/.local/share/orthoscribe.
std::filesystem::path userDataDirectory();

// Folder of the resources that come with the program: $ORTHOSCRIBE_RESOURCES, else <prefix>/share/orthoscribe beside the
// running program or library, else the source tree's resources/ recorded in the build folder. Throws Error{NotFound}.
std::filesystem::path resourceDirectory();

// Folder with the starter model that comes with the program. Throws Error{NotFound}.
std::filesystem::path starterModelDirectory();

// A model as users name it: a folder; or a name under userDataDirectory()/models; or "starter" (also empty).
// Throws Error{NotFound} listing the installed names.
std::filesystem::path findModelDirectory(const std::string& nameOrPath);

// An adapter as users name it: a folder; or a name under userDataDirectory()/adapters. Throws Error{NotFound} listing the
// installed names.
std::filesystem::path findAdapterDirectory(const std::string& nameOrPath);

// Removed with everything in it when destroyed.
class TemporaryDirectory {
 public:
  explicit TemporaryDirectory(std::string_view prefix = "orthoscribe-");
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace orthoscribe
