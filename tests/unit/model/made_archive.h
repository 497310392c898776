// SPDX-License-Identifier: GPL-2.0-or-later
// Zip archives and pickles written byte by byte, so that each can lie in its own way.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace orthoscribe::model {

inline std::string littleEndian(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 0xff);
  return text;
}

struct MadeEntry {
  std::string name;
  std::string bytes;
  bool deflated = false;
  // What the directory says, where it lies.
  std::uint64_t claimedBytes = ~std::uint64_t{0};
  std::uint64_t claimedAt = ~std::uint64_t{0};
  std::uint32_t checksumError = 0;
  std::uint16_t flags = 0;
  bool zip64 = false;
};

inline std::string deflateText(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, text.size()), '\0');
  std::string input = text;
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

inline std::string zipOf(const std::vector<MadeEntry>& entries) {
  std::string zip;
  std::string directory;
  for (const MadeEntry& entry : entries) {
    const std::string packed = entry.deflated ? deflateText(entry.bytes) : entry.bytes;
    const std::uint64_t bytes = entry.claimedBytes == ~std::uint64_t{0} ? entry.bytes.size() : entry.claimedBytes;
    const std::uint64_t at = entry.claimedAt == ~std::uint64_t{0} ? zip.size() : entry.claimedAt;
    const std::uint64_t packedBytes = entry.deflated ? packed.size() : bytes;
    const auto checksum =
        static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(entry.bytes.data()), entry.bytes.size()));
    const std::string shared = littleEndian(20, 2) + littleEndian(entry.flags, 2) + littleEndian(entry.deflated ? 8 : 0, 2) +
                               littleEndian(0, 4) + littleEndian(checksum ^ entry.checksumError, 4);
    const std::string extra = entry.zip64 ? littleEndian(1, 2) + littleEndian(24, 2) + littleEndian(bytes, 8) +
                                                littleEndian(packedBytes, 8) + littleEndian(at, 8)
                                          : "";
    constexpr std::uint32_t kElsewhere = 0xffffffff;
    zip += "PK\x03\x04" + shared + littleEndian(packedBytes, 4) + littleEndian(bytes, 4) + littleEndian(entry.name.size(), 2) +
           littleEndian(0, 2) + entry.name + packed;
    directory += "PK\x01\x02" + littleEndian(20, 2) + shared + littleEndian(entry.zip64 ? kElsewhere : packedBytes, 4) +
                 littleEndian(entry.zip64 ? kElsewhere : bytes, 4) + littleEndian(entry.name.size(), 2) +
                 littleEndian(extra.size(), 2) + littleEndian(0, 10) + littleEndian(entry.zip64 ? kElsewhere : at, 4) +
                 entry.name + extra;
  }
  const std::uint64_t at = zip.size();
  return zip + directory + "PK\x05\x06" + littleEndian(0, 4) + littleEndian(entries.size(), 2) + littleEndian(entries.size(), 2) +
         littleEndian(directory.size(), 4) + littleEndian(at, 4) + littleEndian(0, 2);
}

// Parts of a pickle.
namespace pickle {

inline std::string text(const std::string& value) {
  return "X" + littleEndian(value.size(), 4) + value;
}
inline std::string number(std::int64_t value) {
  return std::string("\x8a\x08", 2) + littleEndian(static_cast<std::uint64_t>(value), 8);
}
inline std::string global(const std::string& module, const std::string& name) {
  return "c" + module + "\n" + name + "\n";
}
inline std::string counts(const std::vector<std::int64_t>& values) {
  std::string pickled = "(";
  for (const std::int64_t value : values) pickled += number(value);
  return pickled + "t";
}
inline std::string storage(const std::string& type, const std::string& key, std::int64_t elements) {
  return "(" + text("storage") + global("torch", type) + text(key) + text("cpu") + number(elements) + "tQ";
}
inline std::string tensor(const std::string& stored, std::int64_t offset, const std::vector<std::int64_t>& sizes,
                          const std::vector<std::int64_t>& strides) {
  return global("torch._utils", "_rebuild_tensor_v2") + "(" + stored + number(offset) + counts(sizes) + counts(strides) + "\x89" +
         global("collections", "OrderedDict") + ")RtR";
}
inline std::string dictionary(const std::string& items) {
  return std::string("\x80\x02", 2) + "}(" + items + "u.";
}

}  // namespace pickle

}  // namespace orthoscribe::model
