// SPDX-License-Identifier: GPL-2.0-or-later
// Tensors of fixtures, for tests of rooms that may not use the model room's reader. Trusts the file: fixtures are ours.
#pragma once

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/base/files.h"

namespace orthoscribe::fixtures {

class FixtureTensors {
 public:
  explicit FixtureTensors(const std::filesystem::path& file) : bytes_(readTextFile(file)) {
    std::uint64_t headerSize = 0;
    std::memcpy(&headerSize, bytes_.data(), sizeof headerSize);
    header_ = nlohmann::json::parse(bytes_.substr(8, headerSize));
    dataBegin_ = 8 + headerSize;
  }

  bool has(const std::string& name) const { return header_.contains(name); }
  std::vector<std::int64_t> shape(const std::string& name) const { return header_.at(name).at("shape"); }

  // Number must be the tensor's own type.
  template <typename Number>
  std::vector<Number> values(const std::string& name) const {
    const auto offsets = header_.at(name).at("data_offsets").get<std::vector<std::size_t>>();
    std::vector<Number> numbers((offsets.at(1) - offsets.at(0)) / sizeof(Number));
    std::memcpy(numbers.data(), bytes_.data() + dataBegin_ + offsets.at(0), numbers.size() * sizeof(Number));
    return numbers;
  }

 private:
  std::string bytes_;
  nlohmann::json header_;
  std::size_t dataBegin_ = 0;
};

}  // namespace orthoscribe::fixtures
