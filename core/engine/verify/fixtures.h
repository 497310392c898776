// SPDX-License-Identifier: GPL-2.0-or-later
// Finding fixtures of reference implementations in folders and running the program against them (shared parity/README.md tells
// what lies in them). Kinds are recognised by the files that a folder holds, never by its name.
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/engine/verify/result.h"

namespace orthoscribe::engine::verify {

struct FixtureCase {
  std::filesystem::path place;  // folder of the case, or folder / the name of one part of it
  std::string family;           // used where run() cannot say better
  // Fills in the checks, and the family if it knows a better one. May throw: that becomes the case's refusal.
  std::function<void(CaseResult& result)> run;
};

// Adding a kind: a file of its own and a line in its room's list.
struct FixtureKind {
  std::string_view name;
  // The cases that lie directly in this folder; none if it is not of this kind.
  std::vector<FixtureCase> (*casesIn)(const std::filesystem::path& folder);
};

// The kinds that the engine can judge alone; rooms above it have lists of their own.
const std::vector<FixtureKind>& fixtureKinds();

// A case found under a path that was asked for.
struct FoundCase {
  FixtureCase fixture;
  std::string
      name;  // relative to the parent of the path that was asked for, or to the path itself when that holds no case itself
};

// Walks the paths, in order of names. What looks like a fixture and is of none of the kinds is found too, as a case that does not
// hold. Throws Error{NotFound} when a path is missing or holds no fixture at all.
std::vector<FoundCase> findCases(const std::vector<std::filesystem::path>& paths,
                                 std::span<const FixtureKind> kinds = fixtureKinds());

// The cases that the names pick. A name is a path from the top ("qwen2_tiny", "qwen2_tiny/case_01*": whole parts, with the
// shell's wildcards); if no case lies there, any part of a path ("case_02_chat"); if that picks nothing either, any piece of a
// path. Throws Error{NotFound} naming a name that picks nothing.
std::vector<FoundCase> pickCases(const std::vector<FoundCase>& cases, const std::vector<std::string>& names);

// Runs one case; errors become its refusal.
CaseResult runCase(const FoundCase& found);

}  // namespace orthoscribe::engine::verify
