// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/architecture/include_rules.h"

#include <algorithm>
#include <fstream>
#include <regex>
#include <sstream>

namespace orthoscribe::architecture {
namespace {

struct Room {
  std::string_view path;
  std::vector<std::string_view> mayUse;        // rooms of ours, besides itself
  std::vector<std::string_view> mayUseOthers;  // kinds of third-party headers named below
};

// A longer path comes before the one that holds it.
const std::vector<Room>& rooms() {
  static const std::vector<Room> table = {
      {"core/base", {}, {}},
      {"core/geo", {"core/base"}, {"gdal"}},
      {"core/tasks", {"core/base", "core/geo"}, {}},
      {"core/client", {"core/base"}, {"http"}},
      {"core/text", {"core/base"}, {}},
      {"core/vision", {"core/base"}, {"torch"}},
      {"core/model", {"core/base"}, {"torch"}},
      {"core/engine", {"core/base", "core/text", "core/vision", "core/model"}, {"torch", "http"}},
      {"core/learn/data",
       {"core/base", "core/geo", "core/tasks", "core/text", "core/vision", "core/model", "core/engine", "core/learn"},
       {"torch", "gdal"}},
      // What the plugin measures by, too.
      {"core/learn/metrics", {"core/base", "core/geo"}, {}},
      {"core/learn",
       {"core/base", "core/geo", "core/tasks", "core/text", "core/vision", "core/model", "core/engine", "core/learn/data",
        "core/learn/metrics"},
       {"torch"}},
      {"core/cli", {"core"}, {}},
      {"ui", {}, {"qt", "qgis"}},
      {"plugin",
       {"core/base", "core/geo", "core/tasks", "core/client", "core/learn/metrics", "ui"},
       {"qt", "qgis", "http", "gdal"}},
  };
  return table;
}

struct Kind {
  std::string_view name;
  std::regex pattern;
};

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> table = {
      {"torch", std::regex("(torch|ATen|c10|caffe2)/.*")},
      {"gdal", std::regex("(gdal|ogr|cpl_|proj|geos|geodesic).*\\.h")},
      {"http", std::regex("httplib\\.h")},
      {"qgis", std::regex("qgs[a-z0-9_]*\\.h|qgis[a-z0-9_]*\\.h")},
      {"qt", std::regex("Q[A-Z].*|Qt[A-Z][A-Za-z]*/.*|q[a-z]+\\.h")},
  };
  return table;
}

bool inside(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

std::string faultOf(const Room& room, const std::string& included) {
  const auto other = std::find_if(rooms().begin(), rooms().end(), [&](const Room& one) { return inside(included, one.path); });
  if (other != rooms().end() && other->path != room.path) {
    const bool allowed =
        std::any_of(room.mayUse.begin(), room.mayUse.end(), [&](std::string_view use) { return inside(other->path, use); });
    if (!allowed) return std::string(room.path) + " may not use " + std::string(other->path);
  }
  for (const Kind& kind : kinds()) {
    if (!std::regex_match(included, kind.pattern)) continue;
    const bool allowed = std::find(room.mayUseOthers.begin(), room.mayUseOthers.end(), kind.name) != room.mayUseOthers.end();
    // qgis*.h and q*.h overlap: the first kind that fits decides.
    return allowed ? std::string() : std::string(room.path) + " may not use " + std::string(kind.name);
  }
  return {};
}

}  // namespace

std::vector<Violation> checkText(std::string_view file, std::string_view text) {
  const auto room =
      std::find_if(rooms().begin(), rooms().end(), [&](const Room& candidate) { return inside(file, candidate.path); });
  if (room == rooms().end()) return {};
  std::vector<Violation> violations;
  static const std::regex include("\\s*#\\s*include\\s*[<\"]([^>\"]+)[>\"].*");
  std::istringstream lines{std::string(text)};
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    std::smatch match;
    if (!std::regex_match(line, match, include)) continue;
    const std::string why = faultOf(*room, match[1].str());
    if (!why.empty()) violations.push_back({std::string(file), number, match[1].str(), why});
  }
  return violations;
}

std::vector<Violation> checkTree(const std::filesystem::path& repository) {
  namespace fs = std::filesystem;
  std::vector<Violation> violations;
  for (const char* top : {"core", "ui", "plugin"}) {
    if (!fs::exists(repository / top)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(repository / top)) {
      const std::string name = entry.path().filename().string();
      if (!name.ends_with(".h") && !name.ends_with(".cpp") && !name.ends_with(".h.in")) continue;
      std::ifstream stream(entry.path());
      std::ostringstream text;
      text << stream.rdbuf();
      const auto found = checkText(fs::relative(entry.path(), repository).generic_string(), text.str());
      violations.insert(violations.end(), found.begin(), found.end());
    }
  }
  return violations;
}

}  // namespace orthoscribe::architecture
