// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/learn_data_formats/made_set.h"

#include <cmath>
#include <fstream>
#include <sstream>

#include "core/base/image_codec.h"
#include "core/learn/data/convert/convert_sources.h"

namespace orthoscribe::learn {
namespace {

std::string hundredths(double value) {
  std::ostringstream text;
  text << std::round(value * 100) / 100 + 0.0;
  return text.str();
}

}  // namespace

void MadeSet::text(const std::string& name, std::string_view contents) const {
  std::filesystem::create_directories((*this / name).parent_path());
  writeTextFile(*this / name, contents);
}

void MadeSet::picture(const std::string& name, int width, int height) const {
  const std::vector<std::byte> bytes =
      name.ends_with(".jpg") ? encodeJpeg(RgbImage(width, height)) : encodePng(RgbImage(width, height));
  text(name, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

ReadSet readAll(const SourceOptions& options, std::string_view format) {
  ReadSet set;
  const std::unique_ptr<RecordReader> reader = openSource(format, options, set.report);
  while (std::optional<Record> record = reader->next()) set.records.push_back(std::move(*record));
  set.classes = reader->classes();
  return set;
}

std::vector<Conversation> converted(const SourceOptions& source, const ConversionOptions& options, std::string_view format) {
  const TemporaryDirectory folder;
  const std::filesystem::path file = folder.path() / "out.jsonl";
  SkipReport report;
  const std::vector<SourceOptions> sources = {source};
  convertSources(sources, format, options, file, report, {}, {});
  ConversationReader reader(file, report);
  std::vector<Conversation> conversations;
  while (std::optional<Conversation> conversation = reader.next()) conversations.push_back(std::move(*conversation));
  return conversations;
}

std::string cornersText(const geo::Quad& quad) {
  std::string text;
  for (const geo::Point corner : quad) text += (text.empty() ? "" : " ") + hundredths(corner.x) + "," + hundredths(corner.y);
  return text;
}

}  // namespace orthoscribe::learn
