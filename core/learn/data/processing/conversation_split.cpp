// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/processing/conversation_split.h"

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/make_folders.h"

namespace orthoscribe::learn {
namespace {

namespace fs = std::filesystem;

bool isExcluded(const Conversation& conversation, const std::set<std::string>& excluded) {
  return std::any_of(conversation.images.begin(), conversation.images.end(),
                     [&](const std::string& image) { return excluded.contains(image); });
}

std::map<std::string, SourceContents> contentsOf(const fs::path& input, const ConversationSplitOptions& options,
                                                 SkipReport& report) {
  std::map<std::string, SourceContents> sources;
  ConversationReader reader(input, report);
  while (const auto conversation = reader.next()) {
    if (isExcluded(*conversation, options.excluded)) continue;
    SourceContents& contents = sources[sourceOf(*conversation)];
    for (const std::string& image : conversation->images) {
      if (std::find(contents.images.begin(), contents.images.end(), image) == contents.images.end())
        contents.images.push_back(image);
    }
    ++contents.counts[""];
    for (const LabelledShape& object : conversation->objects) ++contents.counts[object.label];
    if (!conversation->objects.empty()) continue;
    for (const std::string& name : classesOf(*conversation)) ++contents.counts[name];
  }
  return sources;
}

// Names stay as they are when they are absolute.
std::string renamed(const std::string& image, const fs::path& from, const fs::path& to) {
  const fs::path path(image);
  if (path.is_absolute()) return image;
  return fs::absolute(from / path).lexically_normal().lexically_relative(fs::absolute(to).lexically_normal()).generic_string();
}

// Opens one file after another beside its place, then calls `fill` with all; they take their places when it is done.
void writeAll(const std::vector<fs::path>& paths, std::vector<std::ofstream>& streams, const std::function<void()>& fill) {
  if (streams.size() == paths.size()) {
    fill();
    for (std::size_t i = 0; i < paths.size(); ++i) {
      streams[i].flush();
      if (!streams[i]) throw Error(ErrorCode::Io, paths[i].string() + " cannot be written", "Is the disk full?");
    }
    return;
  }
  writeThenRename(paths[streams.size()], [&](const fs::path& temporary) {
    streams.emplace_back(temporary, std::ios::binary);
    writeAll(paths, streams, fill);
  });
}

void writeSides(const SourceSplit& split, std::uint64_t seed, const fs::path& path) {
  nlohmann::ordered_json document;
  document["seed"] = seed;
  for (std::size_t side = 0; side < split.sides.size(); ++side) {
    document["shares"][split.sides[side].name] = split.sides[side].share;
    auto& names = document["sources"][split.sides[side].name] = nlohmann::ordered_json::array();
    for (const auto& [source, at] : split.sideOf) {
      if (at == side) names.push_back(source);
    }
  }
  writeTextFile(path, document.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
}

}  // namespace

std::string sourceOf(const Conversation& conversation) {
  if (!conversation.source.empty()) return conversation.source;
  if (!conversation.images.empty()) return conversation.images.front();
  if (!conversation.id.empty()) return conversation.id;
  const auto question = std::find_if(conversation.turns.begin(), conversation.turns.end(),
                                     [](const Turn& turn) { return turn.role == Role::User; });
  return question != conversation.turns.end() ? question->text : std::string();
}

std::set<std::string> classesOf(const Conversation& conversation) {
  std::set<std::string> names;
  for (const LabelledShape& object : conversation.objects) names.insert(object.label);
  if (names.empty() && conversation.task == "classification" && conversation.turns.back().role == Role::Assistant)
    names.insert(conversation.turns.back().text);
  if (names.empty() && !conversation.task.empty())
    names.insert(conversation.type.empty() ? conversation.task : conversation.task + ": " + conversation.type);
  return names;
}

std::vector<SideSummary> splitConversations(const fs::path& input, const fs::path& folder,
                                            const ConversationSplitOptions& options, SkipReport& report) {
  const std::map<std::string, SourceContents> sources = contentsOf(input, options, report);
  const SourceSplit split = splitBySource(sources, options.lookAlikes, options.sides, options.seed);
  makeFolders(folder);
  std::vector<SideSummary> summaries;
  std::vector<fs::path> paths;
  for (const SplitSide& side : options.sides) {
    paths.push_back(folder / (side.name + ".jsonl"));
    summaries.push_back({side.name, paths.back(), 0, 0});
  }
  for (const auto& [source, side] : split.sideOf) ++summaries[side].sources;

  std::vector<std::ofstream> streams;
  writeAll(paths, streams, [&] {
    SkipReport again(SkipLimit{1.0, 0});  // the first reading told of them
    ConversationReader reader(input, again);
    while (auto conversation = reader.next()) {
      if (isExcluded(*conversation, options.excluded)) continue;
      const std::size_t side = split.sideOf.at(sourceOf(*conversation));
      for (std::string& image : conversation->images) image = renamed(image, input.parent_path(), folder);
      writeConversation(streams[side], *conversation);
      ++summaries[side].conversations;
    }
  });
  writeSides(split, options.seed, folder / "split.json");
  return summaries;
}

}  // namespace orthoscribe::learn
