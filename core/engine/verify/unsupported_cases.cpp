// SPDX-License-Identifier: GPL-2.0-or-later
#include <string>
#include <utility>

#include "core/base/error.h"
#include "core/engine/verify/json_fixtures.h"
#include "core/engine/verify/kinds.h"

namespace orthoscribe::engine::verify {
namespace {

namespace fs = std::filesystem;

FixtureCase refused(const fs::path& place, std::string family, std::string what) {
  return {.place = place, .family = std::move(family), .run = [what = std::move(what)](CaseResult&) {
            throw Error(ErrorCode::Unsupported, what);
          }};
}

}  // namespace

std::vector<FixtureCase> unsupportedCasesIn(const fs::path& folder) {
  std::vector<FixtureCase> cases;
  if (fs::exists(folder / "batch.safetensors"))
    cases.push_back(refused(folder, "training losses", "losses and gradients of a mixture of experts"));
  if (fs::exists(folder / "logps.safetensors"))
    cases.push_back(refused(folder, "training losses", "preference losses and gradients"));
  for (const JsonFixture& file : jsonFixturesIn(folder)) {
    if (file.kind == JsonFixtureKind::BoxGrammar)
      cases.push_back(refused(file.path, "box grammar", "parsing of answers with boxes, which the engine does not do"));
    if (file.kind == JsonFixtureKind::Metrics)
      cases.push_back(refused(file.path, "metrics", "metrics, which the engine does not compute"));
    if (file.kind == JsonFixtureKind::Unknown)
      cases.push_back(refused(file.path, "unknown", "a fixture of a kind that this program does not know"));
  }
  return cases;
}

}  // namespace orthoscribe::engine::verify
