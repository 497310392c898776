// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <torch/types.h>

#include <filesystem>
#include <map>
#include <string>

namespace orthoscribe::learn {

// Writes what a training goes on from, brought to the disk before it replaces the one before it. Throws Error{Io} saying whether
// there is one to go on from.
void writeCheckpointFile(const std::filesystem::path& path, const std::map<std::string, torch::Tensor>& tensors,
                         const std::map<std::string, std::string>& metadata);

}  // namespace orthoscribe::learn
