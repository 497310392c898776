// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/placement.h"

#include <ATen/Context.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <string_view>
#include <utility>

#include "core/base/error.h"
#include "core/model/weights/safetensors.h"

namespace orthoscribe::engine {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kSmallModel = 1'000'000'000;
// Activations, cache and the program itself, beside the weights.
constexpr std::uint64_t kHeadroom = 300'000'000;

std::string gigabytes(std::uint64_t bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f GB", static_cast<double>(bytes) / 1e9);
  return text;
}

c10::Device cudaDevice(std::string_view name) {
  int index = 0;
  if (name != "cuda") {
    const std::string_view number = name.substr(std::string_view("cuda:").size());
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), index);
    if (error != std::errc() || end != number.data() + number.size() || index < 0 || index > 127)
      throw Error(ErrorCode::InvalidInput, "the device '" + std::string(name) + "' is not known",
                  "give auto, cpu, cuda or cuda:N with a number N");
  }
  if (!at::globalContext().hasCUDA())
    throw Error(ErrorCode::Unavailable, "the device '" + std::string(name) + "' is not there: no CUDA device was found",
                "use device cpu or auto, or check the driver and that libtorch was built with CUDA");
  return {c10::kCUDA, static_cast<c10::DeviceIndex>(index)};
}

c10::Device deviceNamed(const std::string& name) {
  if (name == "cpu") return c10::kCPU;
  if (name == "auto") return at::globalContext().hasCUDA() ? c10::Device(c10::kCUDA, 0) : c10::Device(c10::kCPU);
  if (name == "cuda" || name.starts_with("cuda:")) return cudaDevice(name);
  throw Error(ErrorCode::InvalidInput, "the device '" + name + "' is not known", "give auto, cpu, cuda or cuda:N");
}

std::optional<std::uint64_t> numberIn(const fs::path& file) {
  std::ifstream stream(file);
  std::uint64_t value = 0;
  if (stream >> value) return value;
  return std::nullopt;
}

std::optional<std::uint64_t> kernelEstimate() {
  std::ifstream stream("/proc/meminfo");
  std::string field;
  std::uint64_t kilobytes = 0;
  std::string unit;
  while (stream >> field >> kilobytes) {
    std::getline(stream, unit);
    if (field == "MemAvailable:") return kilobytes * 1024;
  }
  return std::nullopt;
}

}  // namespace

WeightSizes weightSizes(const fs::path& folder) {
  WeightSizes sizes;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".safetensors") continue;
    const model::SafetensorsFile file(entry.path());
    for (const auto& [name, tensor] : file.entries()) {
      sizes.storedBytes += tensor.end - tensor.begin;
      sizes.elements += (tensor.end - tensor.begin) / c10::elementSize(tensor.dtype);
    }
  }
  return sizes;
}

std::string Placement::deviceName() const {
  return device.str();
}

std::string Placement::precisionName() const {
  return precision == c10::ScalarType::BFloat16 ? "bfloat16" : "float32";
}

Placement choosePlacement(const std::string& device, const std::string& precision, const WeightSizes& sizes) {
  Placement placement{.device = deviceNamed(device)};
  if (precision == "bfloat16" || (precision == "auto" && sizes.storedBytes >= kSmallModel))
    placement.precision = c10::ScalarType::BFloat16;
  else if (precision != "float32" && precision != "auto")
    throw Error(ErrorCode::InvalidInput, "the precision '" + precision + "' is not known", "give auto, float32 or bfloat16");
  return placement;
}

std::optional<std::uint64_t> availableMemory() {
  std::optional<std::uint64_t> available = kernelEstimate();
  const auto limit = numberIn("/sys/fs/cgroup/memory.max");
  const auto used = numberIn("/sys/fs/cgroup/memory.current");
  if (limit && used) {
    const std::uint64_t left = *limit > *used ? *limit - *used : 0;
    available = std::min(available.value_or(left), left);
  }
  return available;
}

void checkFitsMemory(const WeightSizes& sizes, const Placement& placement, std::uint64_t available) {
  const std::uint64_t needed = sizes.elements * c10::elementSize(placement.precision) + kHeadroom;
  if (needed <= available) return;
  const bool wide = placement.precision == c10::ScalarType::Float;
  throw Error(ErrorCode::Unavailable,
              "the model needs about " + gigabytes(needed) + " of memory in " + placement.precisionName() + ", " +
                  gigabytes(available) + " are free",
              std::string("close other programs") + (wide ? ", choose precision bfloat16" : "") +
                  ", take a smaller model or a machine with more memory");
}

}  // namespace orthoscribe::engine
