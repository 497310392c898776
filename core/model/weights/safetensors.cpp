// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/weights/safetensors.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>

#include "core/base/error.h"
#include "core/base/files.h"

namespace orthoscribe::model {
namespace {

struct NamedType {
  std::string_view name;
  torch::ScalarType type;
};

constexpr std::array<NamedType, 11> kTypes = {{{"F64", torch::kFloat64},
                                               {"F32", torch::kFloat32},
                                               {"F16", torch::kFloat16},
                                               {"BF16", torch::kBFloat16},
                                               {"I64", torch::kInt64},
                                               {"I32", torch::kInt32},
                                               {"I16", torch::kInt16},
                                               {"I8", torch::kInt8},
                                               {"U8", torch::kUInt8},
                                               {"BOOL", torch::kBool},
                                               {"F8_E4M3", torch::kFloat8_e4m3fn}}};

// A header larger than this is taken for a lie; the largest published ones are a few megabytes.
constexpr std::uint64_t kMaxHeaderBytes = 100u << 20;

[[noreturn]] void lies(const std::filesystem::path& path, const std::string& what) {
  throw Error(ErrorCode::InvalidInput, path.string() + ": " + what, "the file is damaged or no safetensors file; fetch it again");
}

// The JSON reader keeps the last of two equal names; a header that says one name twice lies.
nlohmann::json parseHeader(const std::filesystem::path& path, std::string_view text) {
  std::set<std::string> seen;
  std::string twice;
  const auto watch = [&](int depth, nlohmann::json::parse_event_t event, const nlohmann::json& parsed) {
    if (event == nlohmann::json::parse_event_t::key && depth == 1 && !seen.insert(parsed.get<std::string>()).second) {
      twice = parsed.get<std::string>();
    }
    return true;
  };
  nlohmann::json header = nlohmann::json::parse(text, watch, false);
  if (header.is_discarded() || !header.is_object()) lies(path, "its header is not a JSON object");
  if (!twice.empty()) lies(path, "its header names '" + twice + "' twice");
  return header;
}

torch::ScalarType typeNamed(const std::filesystem::path& path, const std::string& tensor, const std::string& name) {
  for (const NamedType& known : kTypes) {
    if (known.name == name) return known.type;
  }
  throw Error(ErrorCode::Unsupported, path.string() + ": tensor '" + tensor + "' has the unknown dtype " + name);
}

StoredTensor readEntry(const std::filesystem::path& path, const std::string& name, const nlohmann::json& entry,
                       std::uint64_t dataBytes) {
  const std::string where = "tensor '" + name + "'";
  if (!entry.is_object() || !entry.contains("dtype") || !entry.contains("shape") || !entry.contains("data_offsets")) {
    lies(path, where + " lacks dtype, shape or data_offsets");
  }
  const nlohmann::json& shape = entry["shape"];
  const nlohmann::json& offsets = entry["data_offsets"];
  if (!entry["dtype"].is_string() || !shape.is_array() || !offsets.is_array() || offsets.size() != 2 ||
      !offsets[0].is_number_unsigned() || !offsets[1].is_number_unsigned()) {
    lies(path, where + " has a dtype, shape or data_offsets of the wrong kind");
  }
  StoredTensor stored;
  stored.dtype = typeNamed(path, name, entry["dtype"].get<std::string>());
  stored.begin = offsets[0].get<std::uint64_t>();
  stored.end = offsets[1].get<std::uint64_t>();
  if (stored.begin > stored.end || stored.end > dataBytes) {
    lies(path, where + " claims bytes " + std::to_string(stored.begin) + " to " + std::to_string(stored.end) + " of " +
                   std::to_string(dataBytes) + " that the file holds");
  }
  std::uint64_t bytes = c10::elementSize(stored.dtype);
  for (const nlohmann::json& side : shape) {
    if (!side.is_number_unsigned()) lies(path, where + " has a shape that is not made of counts");
    const std::uint64_t count = side.get<std::uint64_t>();
    if (count > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) ||
        (count != 0 && bytes > std::numeric_limits<std::uint64_t>::max() / count)) {
      lies(path, where + " has an impossible shape");
    }
    bytes *= count;
    stored.shape.push_back(static_cast<std::int64_t>(count));
  }
  if (bytes != stored.end - stored.begin) {
    lies(path, where + " needs " + std::to_string(bytes) + " bytes by its shape, but " +
                   std::to_string(stored.end - stored.begin) + " are given to it");
  }
  return stored;
}

void checkCoverage(const std::filesystem::path& path, const std::map<std::string, StoredTensor>& entries,
                   std::uint64_t dataBytes) {
  std::vector<std::pair<const std::string*, const StoredTensor*>> ordered;
  for (const auto& [name, stored] : entries) {
    if (stored.begin != stored.end) ordered.emplace_back(&name, &stored);
  }
  std::sort(ordered.begin(), ordered.end(), [](const auto& a, const auto& b) { return a.second->begin < b.second->begin; });
  std::uint64_t expected = 0;
  for (const auto& [name, stored] : ordered) {
    if (stored->begin < expected) lies(path, "tensor '" + *name + "' overlaps the one before it");
    if (stored->begin > expected) lies(path, "there is a hole before tensor '" + *name + "'");
    expected = stored->end;
  }
  if (expected != dataBytes) {
    lies(path, "holds " + std::to_string(dataBytes) + " bytes of tensors, its header speaks of " + std::to_string(expected));
  }
}

std::string_view typeName(torch::ScalarType type, const std::string& tensor) {
  const auto known = std::ranges::find(kTypes, type, &NamedType::type);
  if (known != kTypes.end()) return known->name;
  throw Error(ErrorCode::Unsupported, "tensor '" + tensor + "' has a dtype that safetensors files do not know");
}

}  // namespace

std::string_view dtypeName(torch::ScalarType type) {
  const auto known = std::ranges::find(kTypes, type, &NamedType::type);
  return known == kTypes.end() ? "unknown" : known->name;
}

SafetensorsFile::SafetensorsFile(const std::filesystem::path& path)
    : path_(path), mapping_(std::make_shared<const MappedFile>(path)) {
  std::uint64_t headerBytes = 0;
  if (mapping_->size() < sizeof headerBytes) lies(path, "is too short to be a safetensors file");
  std::memcpy(&headerBytes, mapping_->data(), sizeof headerBytes);
  if (headerBytes > mapping_->size() - sizeof headerBytes || headerBytes > kMaxHeaderBytes) {
    lies(path, "claims a header of " + std::to_string(headerBytes) + " bytes in a file of " + std::to_string(mapping_->size()));
  }
  dataBegin_ = sizeof headerBytes + headerBytes;
  const std::uint64_t dataBytes = mapping_->size() - dataBegin_;
  const auto* text = reinterpret_cast<const char*>(mapping_->data()) + sizeof headerBytes;
  const nlohmann::json header = parseHeader(path, {text, static_cast<std::size_t>(headerBytes)});
  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__") {
      for (const auto& [key, value] : entry.items()) {
        if (value.is_string()) metadata_[key] = value.get<std::string>();
      }
      continue;
    }
    entries_.emplace(name, readEntry(path, name, entry, dataBytes));
  }
  checkCoverage(path, entries_, dataBytes);
}

torch::Tensor SafetensorsFile::tensor(const std::string& name) const {
  const auto found = entries_.find(name);
  if (found == entries_.end()) throw Error(ErrorCode::NotFound, path_.string() + ": there is no tensor '" + name + "'");
  const StoredTensor& stored = found->second;
  const auto options = torch::TensorOptions().dtype(stored.dtype);
  if (stored.begin == stored.end) return at::empty(stored.shape, options);
  std::byte* data = mapping_->data() + dataBegin_ + stored.begin;
  if (reinterpret_cast<std::uintptr_t>(data) % c10::elementSize(stored.dtype) != 0) {
    torch::Tensor copy = at::empty(stored.shape, options);
    std::memcpy(copy.data_ptr(), data, stored.end - stored.begin);
    return copy;
  }
  return at::from_blob(data, stored.shape, [mapping = mapping_](void*) {}, options);
}

void writeSafetensors(const std::filesystem::path& path, const std::map<std::string, torch::Tensor>& tensors,
                      const std::map<std::string, std::string>& metadata) {
  nlohmann::json header = nlohmann::json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  std::uint64_t offset = 0;
  for (const auto& [name, tensor] : tensors) {
    header[name] = {{"dtype", typeName(tensor.scalar_type(), name)},
                    {"shape", tensor.sizes().vec()},
                    {"data_offsets", {offset, offset + tensor.nbytes()}}};
    offset += tensor.nbytes();
  }
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  const std::uint64_t headerBytes = text.size();
  writeThenRename(path, [&](const std::filesystem::path& temporary) {
    std::ofstream stream(temporary, std::ios::binary);
    stream.write(reinterpret_cast<const char*>(&headerBytes), sizeof headerBytes);
    stream.write(text.data(), static_cast<std::streamsize>(text.size()));
    for (const auto& [name, tensor] : tensors) {
      const torch::Tensor plain = tensor.detach().cpu().contiguous();
      stream.write(static_cast<const char*>(plain.data_ptr()), static_cast<std::streamsize>(plain.nbytes()));
    }
    stream.close();
    if (!stream) throw Error(ErrorCode::Io, "cannot write " + path.string() + ": " + std::strerror(errno));
  });
}

}  // namespace orthoscribe::model
