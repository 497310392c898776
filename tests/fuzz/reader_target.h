// SPDX-License-Identifier: GPL-2.0-or-later
// What every reader of data sets promises of files that come from anywhere: it ends, tells what is bad, and what it gives can be
// made conversations of.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/files.h"
#include "core/base/image_codec.h"
#include "core/learn/data/convert/converter.h"
#include "core/learn/data/readers/readers.h"
#include "tests/fuzz/expect.h"

namespace orthoscribe::fuzz {

inline constexpr int kPictureWidth = 40;
inline constexpr int kPictureHeight = 30;

// A folder with the pictures images/1.png and images/2.png, and files that are written anew for every input.
class SetFolder {
 public:
  SetFolder() {
    const std::vector<std::byte> bytes = encodePng(RgbImage(kPictureWidth, kPictureHeight));
    std::filesystem::create_directories(folder_.path() / "images");
    for (const char* name : {"1.png", "2.png"})
      std::ofstream(folder_.path() / "images" / name, std::ios::binary)
          .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  }
  const std::filesystem::path& path() const { return folder_.path(); }
  std::filesystem::path write(const std::string& name, std::string_view text) const {
    std::filesystem::create_directories((folder_.path() / name).parent_path());
    std::ofstream(folder_.path() / name, std::ios::binary | std::ios::trunc) << text;
    return folder_.path() / name;
  }

 private:
  TemporaryDirectory folder_;
};

// Input for several files, which a line "====" parts; those that are missing are empty.
inline std::vector<std::string_view> partsOf(std::string_view text, std::size_t count) {
  constexpr std::string_view kBetween = "\n====\n";
  std::vector<std::string_view> parts;
  while (parts.size() + 1 < count) {
    const std::size_t at = text.find(kBetween);
    parts.push_back(text.substr(0, at));
    text = at == std::string_view::npos ? std::string_view() : text.substr(at + kBetween.size());
  }
  parts.push_back(text);
  return parts;
}

inline void expectPlace(const geo::Quad& quad) {
  for (const geo::Point& corner : quad) {
    expect(std::isfinite(corner.x) && std::isfinite(corner.y), "corners are numbers");
    // A box that was cut keeps its angle and may stick out by its other side.
    expect(std::abs(corner.x) <= 100 && std::abs(corner.y) <= 100, "corners lie at the picture");
  }
}

inline void expectSound(const learn::Record& record) {
  expect(!record.where.empty(), "a record has a place");
  if (!record.image.empty())
    expect(record.widthPx == kPictureWidth && record.heightPx == kPictureHeight, "the picture's size is known");
  for (const learn::LabelledShape& object : record.objects) {
    expect(!object.label.empty(), "an object has a name");
    expectPlace(object.quad);
  }
  for (const learn::RecordPhrase& phrase : record.phrases) expectPlace(phrase.quad);
  for (const std::string& caption : record.captions) expect(!caption.empty(), "a caption says something");
}

inline void expectConversations(const learn::Record& record, const learn::Converter& converter) {
  for (const learn::Conversation& conversation : converter.convert(record)) {
    std::ostringstream written;
    learn::writeConversation(written, conversation);
    std::ostringstream again;
    learn::writeConversation(again, learn::parseConversation(written.str()));
    expect(written.str() == again.str(), "a conversation is read again as it was written");
  }
}

// Reads the source to its end, without the usual limit for bad records.
inline void fuzzReader(std::string_view format, const std::filesystem::path& source, std::size_t size) {
  mayRefuse([&] { learn::formatFor("", source); });
  const auto most = static_cast<std::int64_t>(size) + 2;
  learn::SkipReport report({.share = 0.0, .atLeast = most});
  mayRefuse([&] {
    learn::ConversionOptions options;
    options.dialect = "rscovlm_obb";
    const learn::Converter converter(options);
    const std::unique_ptr<learn::RecordReader> reader = learn::openSource(format, {.source = source}, report);
    std::int64_t count = 0;
    while (const std::optional<learn::Record> record = reader->next()) {
      expect(++count <= most, "there are no more records than bytes");
      expectSound(*record);
      mayRefuse([&] { expectConversations(*record, converter); });
    }
  });
  expect(report.skippedCount() <= most, "nor more bad ones");
}

}  // namespace orthoscribe::fuzz
