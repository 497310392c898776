// SPDX-License-Identifier: GPL-2.0-or-later
// Data sets that tests write.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/files.h"
#include "core/learn/data/convert/converter.h"
#include "core/learn/data/readers/readers.h"

namespace orthoscribe::learn {

class MadeSet {
 public:
  std::filesystem::path operator/(const std::string& name) const { return folder_.path() / name; }
  const std::filesystem::path& path() const { return folder_.path(); }
  // With the folders above it.
  void text(const std::string& name, std::string_view contents) const;
  void picture(const std::string& name, int width, int height) const;

 private:
  TemporaryDirectory folder_;
};

struct ReadSet {
  std::vector<Record> records;
  std::vector<std::string> classes;
  SkipReport report{SkipLimit{.share = 1, .atLeast = 1'000'000}};
};

// Everything of a source. format: empty to be found out.
ReadSet readAll(const SourceOptions& options, std::string_view format = {});

// The conversations that a source gives in a dialect, by way of a file.
std::vector<Conversation> converted(const SourceOptions& source, const ConversionOptions& options, std::string_view format = {});

// "1.5,2 10,2 10,8 1.5,8", coordinates rounded to hundredths.
std::string cornersText(const geo::Quad& quad);

}  // namespace orthoscribe::learn
