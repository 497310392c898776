// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/readers/text_lines.h"

#include <string_view>
#include <utility>

#include "core/base/error.h"

namespace orthoscribe::learn {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

TextLines::TextLines(std::filesystem::path path) : path_(std::move(path)), stream_(path_, std::ios::binary) {
  if (!std::filesystem::exists(path_)) throw Error(ErrorCode::NotFound, path_.string() + " does not exist");
  if (!stream_ || std::filesystem::is_directory(path_)) throw Error(ErrorCode::Io, path_.string() + " cannot be read");
}

bool TextLines::next(std::string& line) {
  while (std::getline(stream_, line)) {
    ++number_;
    if (number_ == 1 && line.starts_with(kByteOrderMark)) line.erase(0, kByteOrderMark.size());
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.find_first_not_of(" \t") != std::string::npos) return true;
  }
  if (stream_.bad()) throw Error(ErrorCode::Io, path_.string() + " cannot be read to its end");
  return false;
}

std::string TextLines::where() const {
  return path_.string() + ":" + std::to_string(number_);
}

}  // namespace orthoscribe::learn
