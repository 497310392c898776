// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/loading/conversation_file.h"

#include "core/base/error.h"

namespace orthoscribe::learn {

ConversationFile::ConversationFile(std::filesystem::path path, std::filesystem::path imageRoot)
    : path_(std::move(path)),
      imageRoot_(imageRoot.empty() ? path_.parent_path() : std::move(imageRoot)),
      stream_(path_, std::ios::binary) {
  if (!std::filesystem::exists(path_)) throw Error(ErrorCode::NotFound, path_.string() + " does not exist");
  if (!stream_) throw Error(ErrorCode::Io, path_.string() + " cannot be read");
  std::string text;
  std::int64_t offset = 0;
  for (std::int64_t number = 1; std::getline(stream_, text); ++number) {
    if (text.find_first_not_of(" \t\r") != std::string::npos) lines_.push_back({offset, number});
    offset += static_cast<std::int64_t>(text.size()) + 1;
  }
  if (stream_.bad()) throw Error(ErrorCode::Io, path_.string() + " cannot be read to its end");
  if (lines_.empty())
    throw Error(ErrorCode::InvalidInput, path_.string() + " holds no conversation", "Write it with `orthoscribe data convert`.");
}

Conversation ConversationFile::read(std::int64_t index) {
  stream_.clear();
  stream_.seekg(lines_.at(static_cast<std::size_t>(index)).offset);
  std::string text;
  if (!std::getline(stream_, text)) throw Error(ErrorCode::Io, where(index) + ": cannot be read", "Did the file change?");
  return parseConversation(text);
}

std::string ConversationFile::where(std::int64_t index) const {
  return path_.string() + ":" + std::to_string(lines_.at(static_cast<std::size_t>(index)).number);
}

std::filesystem::path ConversationFile::imagePath(const std::string& name) const {
  return imageRoot_ / name;
}

}  // namespace orthoscribe::learn
