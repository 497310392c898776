// SPDX-License-Identifier: GPL-2.0-or-later
// SHA-256 (FIPS 180-4), for content hashes of models and images.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace orthoscribe {

class Sha256 {
 public:
  Sha256();
  void update(std::span<const std::byte> bytes);
  // Lower-case hexadecimal, 64 characters. The object must not be used afterwards.
  std::string finish();

 private:
  void block(const std::uint8_t* bytes);
  std::array<std::uint32_t, 8> state_;
  std::array<std::uint8_t, 64> pending_{};
  std::size_t pendingSize_ = 0;
  std::uint64_t totalBytes_ = 0;
};

std::string sha256Hex(std::span<const std::byte> bytes);
// Throws Error{NotFound or Io} naming the file.
std::string sha256OfFile(const std::filesystem::path& path);

}  // namespace orthoscribe
