// SPDX-License-Identifier: GPL-2.0-or-later
// Reads Python's pickle format as far as a dictionary of tensors needs it (Python's pickletools documents the opcodes). It is no
// interpreter: nothing is imported or executed, and whatever is neither a plain container nor part of a tensor is refused by
// name.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace orthoscribe::model {

struct PickledTensor {
  torch::ScalarType dtype = torch::kFloat32;
  std::string storage;               // key of the bytes
  std::int64_t storageElements = 0;  // as the pickle claims
  std::int64_t offset = 0;           // elements
  std::vector<std::int64_t> sizes;
  std::vector<std::int64_t> strides;  // elements, 0 or more
};

// The tensors of a pickled dict or OrderedDict from names to tensors. Each lies within its storage as claimed and has no more
// elements than that. file: for messages. Throws Error{Unsupported} naming an opcode, a global or a key whose value is no tensor;
// Error{InvalidInput} for bytes that are no pickle.
std::map<std::string, PickledTensor> readPickledTensors(std::string_view bytes, const std::string& file);

}  // namespace orthoscribe::model
