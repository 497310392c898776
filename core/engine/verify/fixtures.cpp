// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/verify/fixtures.h"

#include <fnmatch.h>

#include <algorithm>
#include <exception>
#include <iterator>
#include <set>
#include <utility>

#include "core/base/error.h"
#include "core/engine/verify/kinds.h"

namespace orthoscribe::engine::verify {
namespace {

namespace fs = std::filesystem;

using Parts = std::vector<std::string>;

Parts partsOf(const std::string& path) {
  Parts parts;
  for (const fs::path& part : fs::path(path))
    if (!part.empty() && part != ".") parts.push_back(part.string());
  return parts;
}

bool matches(const std::string& pattern, const std::string& part) {
  return fnmatch(pattern.c_str(), part.c_str(), 0) == 0;
}

bool matchesAt(const Parts& pattern, const Parts& path, std::size_t from) {
  if (from + pattern.size() > path.size()) return false;
  return std::equal(pattern.begin(), pattern.end(), path.begin() + static_cast<std::ptrdiff_t>(from), matches);
}

// The ways in which a name may pick a path, the strictest first.
constexpr int kWays = 3;

bool picks(const std::string& name, const std::string& path, int way) {
  const Parts pattern = partsOf(name);
  const Parts parts = partsOf(path);
  if (way == 0) return matchesAt(pattern, parts, 0);
  if (way == 2) return path.find(name) != std::string::npos || matches("*" + name + "*", path);
  for (std::size_t from = 0; from < parts.size(); ++from)
    if (matchesAt(pattern, parts, from)) return true;
  return false;
}

using Kinds = std::span<const FixtureKind>;

std::vector<FixtureCase> casesDirectlyIn(const fs::path& folder, Kinds kinds) {
  std::vector<FixtureCase> cases;
  for (const FixtureKind& kind : kinds)
    for (FixtureCase& found : kind.casesIn(folder)) cases.push_back(std::move(found));
  for (FixtureCase& unknown : unsupportedCasesIn(folder, cases)) cases.push_back(std::move(unknown));
  return cases;
}

void walk(const fs::path& folder, Kinds kinds, std::vector<FixtureCase>& cases) {
  for (FixtureCase& found : casesDirectlyIn(folder, kinds)) cases.push_back(std::move(found));
  std::set<fs::path> inside;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_directory()) inside.insert(entry.path());
  for (const fs::path& one : inside) walk(one, kinds, cases);
}

// A folder that is a fixture itself, or a model with cases, keeps its own name in the names of its cases.
bool isFixture(const fs::path& folder, Kinds kinds) {
  return fs::exists(folder / "config.json") || !casesDirectlyIn(folder, kinds).empty();
}

}  // namespace

const std::vector<FixtureKind>& fixtureKinds() {
  static const std::vector<FixtureKind> kinds = {
      {"model case", modelCasesIn},        {"mixture of experts", expertCasesIn},      {"tokenizer vectors", tokenizerVectorsIn},
      {"chat templates", chatTemplatesIn}, {"image preparation", preprocessVectorsIn},
  };
  return kinds;
}

std::vector<FoundCase> findCases(const std::vector<fs::path>& paths, std::span<const FixtureKind> kinds) {
  std::vector<FoundCase> found;
  for (const fs::path& asked : paths) {
    const fs::path top = fs::weakly_canonical(asked);
    if (!fs::is_directory(top))
      throw Error(ErrorCode::NotFound, "no such folder: " + asked.string(), "give folders with fixtures");
    std::vector<FixtureCase> cases;
    walk(top, kinds, cases);
    if (cases.empty())
      throw Error(ErrorCode::NotFound, "no fixtures in " + asked.string(),
                  "give a folder of parity fixtures, a model or a case of it");
    const fs::path base = isFixture(top, kinds) ? top.parent_path() : top;
    // A single case under a model keeps the model's name.
    const fs::path shown = fs::exists(top.parent_path() / "config.json") ? base.parent_path() : base;
    for (FixtureCase& one : cases) {
      std::string name = one.place.lexically_relative(shown).generic_string();
      found.push_back({.fixture = std::move(one), .name = std::move(name)});
    }
  }
  return found;
}

std::vector<FoundCase> pickCases(const std::vector<FoundCase>& cases, const std::vector<std::string>& names) {
  if (names.empty()) return cases;
  std::vector<bool> picked(cases.size(), false);
  for (const std::string& name : names) {
    bool any = false;
    for (int way = 0; way < kWays && !any; ++way) {
      for (std::size_t i = 0; i < cases.size(); ++i) {
        if (!picks(name, cases[i].name, way)) continue;
        picked[i] = true;
        any = true;
      }
    }
    if (!any)
      throw Error(ErrorCode::NotFound, "--only " + name + " picks no fixture",
                  "run without --only to see the names of all cases");
  }
  std::vector<FoundCase> chosen;
  for (std::size_t i = 0; i < cases.size(); ++i)
    if (picked[i]) chosen.push_back(cases[i]);
  return chosen;
}

CaseResult runCase(const FoundCase& found) {
  CaseResult result;
  result.name = found.name;
  result.family = found.fixture.family;
  try {
    found.fixture.run(result);
  } catch (const Error& error) {
    result.refusal = error.code() == ErrorCode::Unsupported ? std::string("not supported yet: ") + error.what() : error.what();
  } catch (const std::exception& error) {
    result.refusal = std::string("could not be compared: ") + error.what();
  }
  return result;
}

}  // namespace orthoscribe::engine::verify
