// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/weights/zip_archive.h"

#include <zlib.h>

#include <algorithm>
#include <limits>

#include "core/base/error.h"

namespace orthoscribe::model {
namespace {

constexpr std::uint32_t kLocalHeader = 0x04034b50;
constexpr std::uint32_t kDirectoryEntry = 0x02014b50;
constexpr std::uint32_t kEnd = 0x06054b50;
constexpr std::uint32_t kEnd64 = 0x06064b50;
constexpr std::uint32_t kEnd64Locator = 0x07064b50;
constexpr std::uint64_t kEndBytes = 22;
constexpr std::uint64_t kLocatorBytes = 20;
constexpr std::uint64_t kEnd64Bytes = 56;
constexpr std::uint64_t kDirectoryEntryBytes = 46;
constexpr std::uint64_t kLocalHeaderBytes = 30;
constexpr std::uint64_t kLongestComment = 65535;
constexpr std::uint64_t kIn64 = 0xffffffff;  // the true number stands in the Zip64 record
constexpr std::uint16_t kStored = 0;
constexpr std::uint16_t kDeflated = 8;
// Deflate cannot pack more densely, so a larger claim is a lie, told before memory is taken.
constexpr std::uint64_t kDensest = 1100;

// zlib's inflate, whose numbers are 32 bits wide, over any size.
bool inflateWhole(const std::byte* packed, std::uint64_t packedBytes, std::string& out) {
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return false;
  constexpr std::uint64_t kStep = 1u << 30;
  std::uint64_t taken = 0;
  std::uint64_t given = 0;
  int status = Z_OK;
  while (status == Z_OK) {
    const auto input = std::min(kStep, packedBytes - taken);
    const auto room = std::min<std::uint64_t>(kStep, out.size() - given);
    // zlib's interface lacks the const; it does not write there.
    stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(packed + taken));
    stream.avail_in = static_cast<uInt>(input);
    stream.next_out = reinterpret_cast<Bytef*>(out.data()) + given;
    stream.avail_out = static_cast<uInt>(room);
    status = inflate(&stream, Z_NO_FLUSH);
    taken += input - stream.avail_in;
    given += room - stream.avail_out;
  }
  inflateEnd(&stream);
  return status == Z_STREAM_END && given == out.size();
}

std::uint32_t checksumOf(const std::string& bytes) {
  return static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

}  // namespace

void ZipArchive::lies(const std::string& what) const {
  throw Error(ErrorCode::InvalidInput, path_.string() + ": " + what, "the file is damaged or cut short; fetch it again");
}

std::uint64_t ZipArchive::number(std::uint64_t at, int bytes) const {
  if (at > file_->size() || file_->size() - at < static_cast<std::uint64_t>(bytes)) lies("ends within its directory");
  std::uint64_t value = 0;
  for (int i = bytes - 1; i >= 0; --i)
    value = value << 8 | std::to_integer<std::uint64_t>(file_->data()[at + static_cast<std::uint64_t>(i)]);
  return value;
}

ZipArchive::ZipArchive(const std::filesystem::path& path) : path_(path), file_(std::make_shared<const MappedFile>(path)) {
  readDirectory(findDirectory());
}

// The end record stands before a comment of unknown length, so it is looked for from the back.
ZipArchive::Directory ZipArchive::findDirectory() const {
  const std::uint64_t size = file_->size();
  if (size < kEndBytes) lies("is too short to be a zip archive");
  const std::uint64_t first = size - std::min(size, kEndBytes + kLongestComment);
  std::uint64_t at = size - kEndBytes;
  while (number(at, 4) != kEnd || at + kEndBytes + number(at + 20, 2) != size) {
    if (at == first) lies("has no directory of a zip archive at its end");
    --at;
  }
  Directory directory{.at = number(at + 16, 4), .bytes = number(at + 12, 4), .entries = number(at + 10, 2)};
  const bool large = at >= kLocatorBytes && number(at - kLocatorBytes, 4) == kEnd64Locator;
  if (large) {
    const std::uint64_t record = number(at - kLocatorBytes + 8, 8);
    if (record > size || size - record < kEnd64Bytes || number(record, 4) != kEnd64) lies("has a damaged Zip64 record");
    directory = {.at = number(record + 48, 8), .bytes = number(record + 40, 8), .entries = number(record + 32, 8)};
    at = record;
  } else if (number(at + 4, 2) != 0 || number(at + 6, 2) != 0) {
    throw Error(ErrorCode::Unsupported, path_.string() + ": is a zip archive in several parts");
  }
  if (directory.at > at || directory.bytes > at - directory.at) lies("has a directory outside the file");
  return directory;
}

void ZipArchive::readDirectory(const Directory& directory) {
  std::uint64_t at = directory.at;
  const std::uint64_t end = directory.at + directory.bytes;
  for (std::uint64_t i = 0; i < directory.entries; ++i) {
    if (end - at < kDirectoryEntryBytes || number(at, 4) != kDirectoryEntry) lies("has a damaged directory");
    const std::uint64_t nameBytes = number(at + 28, 2);
    const std::uint64_t extraBytes = number(at + 30, 2);
    const std::uint64_t whole = kDirectoryEntryBytes + nameBytes + extraBytes + number(at + 32, 2);
    if (end - at < whole) lies("has a damaged directory");
    const std::string name(reinterpret_cast<const char*>(file_->data()) + at + kDirectoryEntryBytes, nameBytes);
    Entry entry{.method = static_cast<std::uint16_t>(number(at + 10, 2)),
                .checksum = static_cast<std::uint32_t>(number(at + 16, 4)),
                .packedBytes = number(at + 20, 4),
                .bytes = number(at + 24, 4),
                .headerAt = number(at + 42, 4)};
    const bool encrypted = (number(at + 8, 2) & 1) != 0;
    if (encrypted || (entry.method != kStored && entry.method != kDeflated)) {
      throw Error(ErrorCode::Unsupported, path_.string() + ": the entry '" + name + "' is " +
                                              (encrypted ? "encrypted" : "compressed otherwise than by deflate"));
    }
    const std::uint64_t extra = at + kDirectoryEntryBytes + nameBytes;
    readZip64(name, extra, extra + extraBytes, entry);
    if (!entries_.emplace(name, entry).second) lies("names the entry '" + name + "' twice");
    at += whole;
  }
}

void ZipArchive::readZip64(const std::string& name, std::uint64_t at, std::uint64_t end, Entry& entry) const {
  constexpr std::uint64_t kZip64Record = 1;
  while (end - at >= 4) {
    const std::uint64_t kind = number(at, 2);
    const std::uint64_t bytes = number(at + 2, 2);
    at += 4;
    if (bytes > end - at) lies("the entry '" + name + "' has a damaged extra field");
    if (kind == kZip64Record) {
      std::uint64_t next = at;
      for (std::uint64_t* value : {&entry.bytes, &entry.packedBytes, &entry.headerAt}) {
        if (*value != kIn64) continue;
        if (at + bytes - next < 8) lies("the entry '" + name + "' has a damaged extra field");
        *value = number(next, 8);
        next += 8;
      }
      return;
    }
    at += bytes;
  }
}

std::string ZipArchive::read(const std::string& name) const {
  const auto found = entries_.find(name);
  if (found == entries_.end()) throw Error(ErrorCode::NotFound, path_.string() + ": there is no entry '" + name + "'");
  const Entry& entry = found->second;
  const std::string where = "the entry '" + name + "' ";
  const std::uint64_t size = file_->size();
  if (entry.headerAt > size || size - entry.headerAt < kLocalHeaderBytes || number(entry.headerAt, 4) != kLocalHeader)
    lies(where + "is not where the directory says");
  const std::uint64_t begin =
      entry.headerAt + kLocalHeaderBytes + number(entry.headerAt + 26, 2) + number(entry.headerAt + 28, 2);
  if (begin > size || entry.packedBytes > size - begin) lies(where + "reaches beyond the file's end");
  const std::byte* packed = file_->data() + begin;
  std::string bytes;
  if (entry.method == kStored) {
    if (entry.bytes != entry.packedBytes) lies(where + "has two different sizes");
    bytes.assign(reinterpret_cast<const char*>(packed), entry.bytes);
  } else {
    if (entry.bytes / kDensest > entry.packedBytes) lies(where + "claims an impossible size");
    bytes.resize(entry.bytes);
    if (!inflateWhole(packed, entry.packedBytes, bytes)) lies(where + "cannot be unpacked to the size it claims");
  }
  if (checksumOf(bytes) != entry.checksum) lies(where + "does not match its checksum");
  return bytes;
}

}  // namespace orthoscribe::model
