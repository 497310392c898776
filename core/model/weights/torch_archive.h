// SPDX-License-Identifier: GPL-2.0-or-later
// Tensors from a file that torch.save wrote: a zip archive of a pickle that names them (pickle.h) and their bytes.
#pragma once

#include <torch/types.h>

#include <filesystem>
#include <map>
#include <string>

namespace orthoscribe::model {

// On the CPU, contiguous, in the stored precision. Throws Error{NotFound} when the file cannot be opened, Error{InvalidInput}
// naming file and tensor for a file that lies or is cut short, Error{Unsupported} for torch's old format and for whatever is no
// dictionary of tensors, by name.
std::map<std::string, torch::Tensor> readTorchArchive(const std::filesystem::path& path);

}  // namespace orthoscribe::model
