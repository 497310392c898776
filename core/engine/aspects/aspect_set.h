// SPDX-License-Identifier: GPL-2.0-or-later
// A folder of aspect experts: rsmoe.json, and one PEFT folder an expert (rsmoe_and_metrics.md section 5.10).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace orthoscribe::engine {

enum class RouterMode {
  Template,  // every aspect's own instruction
  Generate,  // an expert writes the instructions
};

enum class FusionMode {
  Generate,  // an expert writes the caption from the parts
  Concat,    // the parts one behind the other, without repeating themselves
  Best,      // the part that its expert is surest of
};

std::string_view nameOf(RouterMode mode);
std::string_view nameOf(FusionMode mode);

struct Aspect {
  std::string name;
  std::string instruction;  // where nobody writes one
  int maxNewTokens = 96;
  std::filesystem::path adapter;  // folder; empty: the base answers
};

struct AspectSet {
  std::string base;  // the model folder, from this folder on, or an installed model's name; empty: as the set is opened
  std::filesystem::path visual;  // weights in place of the base's, safetensors; empty: none
  std::vector<Aspect> aspects;
  RouterMode routerMode = RouterMode::Template;
  std::filesystem::path routerAdapter;
  FusionMode fusionMode = FusionMode::Concat;
  std::filesystem::path fusionAdapter;
  std::filesystem::path relevance;  // of the head that says which aspects concern an image; empty: all do
  int stage = 2;                    // of training
  std::string createdBy;

  // The experts by their number in the network's bank: the aspects in their order, the router, the fusion. Empty paths: the base.
  std::vector<std::filesystem::path> bank() const;
  // Numbers in the bank, -1 for the base.
  std::int64_t numberOf(std::size_t aspect) const {
    return aspects[aspect].adapter.empty() ? -1 : static_cast<std::int64_t>(aspect);
  }
  std::int64_t routerNumber() const { return routerAdapter.empty() ? -1 : static_cast<std::int64_t>(aspects.size()); }
  std::int64_t fusionNumber() const { return fusionAdapter.empty() ? -1 : static_cast<std::int64_t>(aspects.size()) + 1; }
  // Whether anything in it was trained.
  bool hasExperts() const;
};

constexpr std::string_view kAspectFile = "rsmoe.json";

// Whether the folder holds a set.
bool isAspectSet(const std::filesystem::path& folder);

// Theme, objects and relations with their usual instructions, all answered by the base; template router, parts joined.
AspectSet plainAspects();

// Reads rsmoe.json; what it does not say of an aspect of a usual name is as in plainAspects. Paths become absolute. A router or
// fusion without an adapter falls back to its template or to joining. Throws Error{NotFound} for a missing file or folder, naming
// it, Error{InvalidInput or Unsupported} naming file and field.
AspectSet readAspectSet(const std::filesystem::path& folder);

// Writes rsmoe.json with paths from the folder on. Throws Error{Io}.
void writeAspectSet(const std::filesystem::path& folder, const AspectSet& set);

// The model folder of a set that names its base. Throws Error{NotFound} naming the field.
std::filesystem::path baseFolderOf(const AspectSet& set, const std::filesystem::path& folder);

}  // namespace orthoscribe::engine
