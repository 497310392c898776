// SPDX-License-Identifier: GPL-2.0-or-later
// Where a model runs and in which precision, and whether it fits there: decided from the headers of its files, before loading.
#pragma once

#include <c10/core/Device.h>
#include <c10/core/ScalarType.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace orthoscribe::engine {

struct WeightSizes {
  std::uint64_t storedBytes = 0;
  std::uint64_t elements = 0;
};

// Sums over the headers of the folder's safetensors files. Throws Error{InvalidInput} for a header that lies.
WeightSizes weightSizes(const std::filesystem::path& folder);

struct Placement {
  c10::Device device = c10::kCPU;
  c10::ScalarType precision = c10::ScalarType::Float;

  std::string deviceName() const;     // "cpu", "cuda:0"
  std::string precisionName() const;  // "float32", "bfloat16"
};

// device: "auto" (CUDA if there is any), "cpu", "cuda", "cuda:N". precision: "auto" (float32 for models below 1 GB, else
// bfloat16), "float32", "bfloat16". Throws Error{InvalidInput} for other words, Error{Unavailable} for a device that is not
// there.
Placement choosePlacement(const std::string& device, const std::string& precision, const WeightSizes& sizes);

// Bytes that processes may still take, by the kernel's estimate and the limit of the control group; nothing where neither is
// known.
std::optional<std::uint64_t> availableMemory();

// Throws Error{Unavailable} saying how much is needed and how much there is, when the weights do not fit into `available` bytes.
void checkFitsMemory(const WeightSizes& sizes, const Placement& placement, std::uint64_t available);

}  // namespace orthoscribe::engine
