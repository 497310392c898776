// SPDX-License-Identifier: GPL-2.0-or-later
// Stands in for libFuzzer where it is not there: gives the target every input of the folders and files it is called with.
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> inputsOf(const fs::path& place) {
  if (!fs::is_directory(place)) return {place};
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(place)) files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

}  // namespace

int main(int count, char** arguments) {
  std::size_t given = 0;
  for (int i = 1; i < count; ++i) {
    for (const fs::path& file : inputsOf(arguments[i])) {
      std::ifstream stream(file, std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
      if (!stream) {
        std::cerr << file << ": cannot be read\n";
        return 1;
      }
      // A crash leaves the name of its input as the last line.
      std::cout << file.filename().string() << std::endl;
      LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
      ++given;
    }
  }
  std::cout << given << " inputs passed\n";
  return given > 0 ? 0 : 1;
}
