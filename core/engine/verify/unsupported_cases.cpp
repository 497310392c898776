// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "core/base/error.h"
#include "core/engine/verify/json_fixtures.h"
#include "core/engine/verify/kinds.h"

namespace orthoscribe::engine::verify {
namespace {

namespace fs = std::filesystem;

bool lies(const fs::path& place, const fs::path& inside) {
  return std::mismatch(inside.begin(), inside.end(), place.begin(), place.end()).first == inside.end();
}

FixtureCase refused(const fs::path& place) {
  return {.place = place, .family = "unknown", .run = [](CaseResult&) {
            throw Error(ErrorCode::Unsupported, "a fixture of a kind that this program does not know");
          }};
}

}  // namespace

std::vector<FixtureCase> unsupportedCasesIn(const fs::path& folder, const std::vector<FixtureCase>& found) {
  const auto isClaimed = [&](const fs::path& path) {
    return std::any_of(found.begin(), found.end(), [&](const FixtureCase& one) { return lies(one.place, path); });
  };
  std::vector<FixtureCase> cases;
  if (fs::exists(folder / "expected.json") && !isClaimed(folder)) cases.push_back(refused(folder));
  for (const JsonFixture& file : jsonFixturesIn(folder))
    if (!isClaimed(file.path)) cases.push_back(refused(file.path));
  return cases;
}

}  // namespace orthoscribe::engine::verify
