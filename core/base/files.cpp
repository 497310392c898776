// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/files.h"

#include <dlfcn.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <system_error>

#include "core/base/error.h"
#include "core/base/install_paths.h"

namespace orthoscribe {

namespace fs = std::filesystem;

std::string readTextFile(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw Error(ErrorCode::NotFound, "cannot open " + path.string() + ": " + std::strerror(errno));
  if (fs::is_directory(path)) throw Error(ErrorCode::InvalidInput, path.string() + " is a folder, a file was expected");
  std::ostringstream text;
  text << stream.rdbuf();
  if (stream.bad()) throw Error(ErrorCode::Io, "cannot read " + path.string());
  return std::move(text).str();
}

void writeThenRename(const fs::path& path, const std::function<void(const fs::path&)>& write) {
  const fs::path temporary =
      path.parent_path() / ("." + path.stem().string() + ".partial-" + std::to_string(::getpid()) + path.extension().string());
  std::error_code ignored;
  try {
    write(temporary);
    fs::rename(temporary, path);
  } catch (const fs::filesystem_error& error) {
    fs::remove_all(temporary, ignored);
    throw Error(ErrorCode::Io, "cannot write " + path.string() + ": " + error.code().message());
  } catch (...) {
    fs::remove_all(temporary, ignored);
    throw;
  }
}

void writeTextFile(const fs::path& path, std::string_view text) {
  writeThenRename(path, [&](const fs::path& temporary) {
    std::ofstream stream(temporary, std::ios::binary);
    stream.write(text.data(), static_cast<std::streamsize>(text.size()));
    stream.close();
    if (!stream) throw Error(ErrorCode::Io, "cannot write " + path.string() + ": " + std::strerror(errno));
  });
}

fs::path userDataDirectory() {
  if (const char* data = std::getenv("XDG_DATA_HOME"); data && *data) return fs::path(data) / "orthoscribe";
  if (const char* home = std::getenv("HOME"); home && *home) return fs::path(home) / ".local/share/orthoscribe";
  throw Error(ErrorCode::NotFound, "neither XDG_DATA_HOME nor HOME is set", "set one of them to a folder of yours");
}

fs::path resourceDirectory() {
  std::error_code ignored;
  if (const char* named = std::getenv("ORTHOSCRIBE_RESOURCES"); named && *named) {
    if (fs::is_directory(named, ignored)) return named;
    throw Error(ErrorCode::NotFound, std::string("ORTHOSCRIBE_RESOURCES names ") + named + ", which is not a folder");
  }
  Dl_info self{};
  if (dladdr(reinterpret_cast<void*>(&resourceDirectory), &self) != 0 && self.dli_fname) {
    fs::path folder = fs::weakly_canonical(self.dli_fname, ignored).parent_path();
    // bin/orthoscribe needs one step up to the prefix, lib/<triplet>/qgis/plugins/ up to four.
    for (int step = 0; step < 5 && folder.has_relative_path(); ++step, folder = folder.parent_path()) {
      if (fs::is_directory(folder / "share/orthoscribe", ignored)) return folder / "share/orthoscribe";
    }
  }
  if (fs::is_directory(kSourceResources, ignored)) return kSourceResources;
  throw Error(ErrorCode::NotFound, "the program's resources are missing",
              "reinstall Orthoscribe, or set ORTHOSCRIBE_RESOURCES to the folder that holds starter/");
}

fs::path starterModelDirectory() {
  const fs::path folder = resourceDirectory() / "starter";
  std::error_code ignored;
  if (fs::exists(folder / "config.json", ignored)) return folder;
  throw Error(ErrorCode::NotFound, "the starter model is missing: " + (folder / "config.json").string(), "reinstall Orthoscribe");
}

fs::path findModelDirectory(const std::string& nameOrPath) {
  if (nameOrPath.empty() || nameOrPath == "starter") return starterModelDirectory();
  std::error_code ignored;
  if (fs::exists(nameOrPath, ignored)) return nameOrPath;
  const fs::path models = userDataDirectory() / "models";
  if (nameOrPath.find('/') == std::string::npos && fs::is_directory(models / nameOrPath, ignored)) return models / nameOrPath;
  std::string known = "starter";
  for (const auto& entry : fs::directory_iterator(models, ignored)) known += ", " + entry.path().filename().string();
  throw Error(ErrorCode::NotFound, "no model '" + nameOrPath + "'", "give a model folder, or one of: " + known);
}

fs::path findAdapterDirectory(const std::string& nameOrPath) {
  std::error_code ignored;
  if (fs::is_directory(nameOrPath, ignored)) return nameOrPath;
  const fs::path adapters = userDataDirectory() / "adapters";
  if (nameOrPath.find('/') == std::string::npos && fs::is_directory(adapters / nameOrPath, ignored)) return adapters / nameOrPath;
  std::string known;
  for (const auto& entry : fs::directory_iterator(adapters, ignored))
    known += (known.empty() ? "" : ", ") + entry.path().filename().string();
  throw Error(ErrorCode::NotFound, "no adapter '" + nameOrPath + "'",
              known.empty() ? "give an adapter folder" : "give an adapter folder, or one of: " + known);
}

TemporaryDirectory::TemporaryDirectory(std::string_view prefix) {
  std::string pattern = (fs::temp_directory_path() / (std::string(prefix) + "XXXXXX")).string();
  if (!mkdtemp(pattern.data()))
    throw Error(ErrorCode::Io, "cannot make a temporary folder " + pattern + ": " + std::strerror(errno));
  path_ = pattern;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace orthoscribe
