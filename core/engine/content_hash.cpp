// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/content_hash.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <span>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/log.h"
#include "core/base/sha256.h"

namespace orthoscribe::engine {
namespace {

namespace fs = std::filesystem;

// Below this, hashing is faster than keeping books.
constexpr std::uintmax_t kWorthRemembering = 64u << 20;

// Hashes of large files by path, size and time. A cache that cannot be read or written is no error.
class RememberedHashes {
 public:
  RememberedHashes() {
    try {
      if (fs::exists(file_)) known_ = nlohmann::json::parse(readTextFile(file_));
    } catch (const std::exception& error) {
      log::debug(std::string("hashes are computed anew: ") + error.what());
    }
    if (!known_.is_object()) known_ = nlohmann::json::object();
  }

  std::string of(const fs::path& file) {
    if (fs::file_size(file) < kWorthRemembering) return sha256OfFile(file);
    const std::string key = fs::canonical(file).string();
    const std::string state =
        std::to_string(fs::file_size(file)) + " " + std::to_string(fs::last_write_time(file).time_since_epoch().count());
    const auto found = known_.find(key);
    if (found != known_.end() && found->is_object() && found->value("state", "") == state) return found->value("sha256", "");
    const std::string hash = sha256OfFile(file);
    known_[key] = {{"state", state}, {"sha256", hash}};
    save();
    return hash;
  }

 private:
  static fs::path cacheFile() {
    const char* cache = std::getenv("XDG_CACHE_HOME");
    const char* home = std::getenv("HOME");
    const fs::path folder = cache && *cache ? fs::path(cache) : fs::path(home ? home : "/tmp") / ".cache";
    return folder / "orthoscribe" / "content-hashes.json";
  }

  void save() const {
    try {
      fs::create_directories(file_.parent_path());
      writeTextFile(file_, known_.dump(1));
    } catch (const std::exception& error) {
      log::debug(std::string("hashes are not remembered: ") + error.what());
    }
  }

  fs::path file_ = cacheFile();
  nlohmann::json known_ = nlohmann::json::object();
};

bool counts(const fs::path& file) {
  const std::string name = file.filename().string();
  return name == "config.json" || name == "rsmoe.json" || name.ends_with(".safetensors") || name.starts_with("tokenizer") ||
         name.starts_with("adapter");
}

void addFolder(const fs::path& folder, RememberedHashes& hashes, std::string& list) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_regular_file() && counts(entry.path())) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) list += file.filename().string() + " " + hashes.of(file) + "\n";
}

}  // namespace

std::string contentHash(const fs::path& model, const std::vector<fs::path>& adapters) {
  try {
    RememberedHashes hashes;
    std::string list;
    addFolder(model, hashes, list);
    for (const fs::path& adapter : adapters) {
      list += "adapter\n";
      addFolder(adapter, hashes, list);
    }
    return sha256Hex(std::as_bytes(std::span(list)));
  } catch (const fs::filesystem_error& error) {
    throw Error(ErrorCode::Io, std::string("cannot read the model's files: ") + error.what());
  }
}

}  // namespace orthoscribe::engine
