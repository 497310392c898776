// SPDX-License-Identifier: GPL-2.0-or-later
// orthoscribe data aspects: captions cut into lessons for the experts of a description by aspects.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/cli/command.h"
#include "core/learn/aspects/aspect_conversations.h"
#include "core/learn/data/readers/readers.h"

namespace orthoscribe::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  learn::SourceOptions source;
  std::string format;
  fs::path out;
};

struct Written {
  std::int64_t captions = 0;
  std::map<std::string, std::int64_t> lessons;  // by type
};

Written write(const Options& options, learn::RecordReader& reader, std::ostream& out) {
  const fs::path folder = fs::absolute(options.out).parent_path();
  Written written;
  while (const std::optional<learn::Record> record = reader.next()) {
    const std::string image =
        record->image.empty() ? std::string() : fs::absolute(record->image).lexically_relative(folder).generic_string();
    for (const std::string& caption : record->captions) {
      for (const learn::Conversation& made : learn::aspectConversations(*record, caption, image, written.captions)) {
        learn::writeConversation(out, made);
        ++written.lessons[made.type.empty() ? "whole captions" : made.type];
      }
      ++written.captions;
    }
  }
  return written;
}

int makeAspects(const Options& options) {
  learn::SkipReport report;
  const std::unique_ptr<learn::RecordReader> reader = learn::openSource(options.format, options.source, report);
  Written written;
  writeThenRename(options.out, [&](const fs::path& temporary) {
    std::ofstream out(temporary);
    written = write(options, *reader, out);
    out.flush();
    if (!out) throw Error(ErrorCode::Io, "cannot write " + temporary.string());
    if (written.captions == 0)
      throw Error(ErrorCode::InvalidInput, options.source.source.string() + ": there is no caption in it",
                  "give a file of captions");
  });
  std::printf("%lld captions:", static_cast<long long>(written.captions));
  const char* separator = " ";
  for (const auto& [type, count] : written.lessons) {
    std::printf("%s%lld %s", separator, static_cast<long long>(count), type.c_str());
    separator = ", ";
  }
  std::printf(": %s\n", options.out.c_str());
  if (const std::string summary = report.summary(); !summary.empty()) std::fprintf(stderr, "%s\n", summary.c_str());
  return kDone;
}

}  // namespace

Run declareDataAspects(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("captions", options->source.source, "Captions in any format that is known")
      ->required()
      ->check(CLI::ExistingPath);
  app.add_option("--out", options->out, "File of conversations to write, JSON Lines")->required();
  app.add_option("--format", options->format, "What the captions are; else told by what they look like");
  app.add_option("--image-root", options->source.imageRoot, "Folder of the pictures; else where the format has them");
  app.add_option("--part", options->source.part, "Only this part, where the format tells parts apart: train, test");
  return [options] { return makeAspects(*options); };
}

}  // namespace orthoscribe::cli
