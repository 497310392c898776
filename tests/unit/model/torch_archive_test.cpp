// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/weights/torch_archive.h"

#include <ATen/ATen.h>

#include <cstring>

#include "core/base/files.h"
#include "core/model/weights/pickle.h"
#include "core/model/weights/zip_archive.h"
#include "tests/unit/model/expect_error.h"
#include "tests/unit/model/made_archive.h"

namespace orthoscribe::model {
namespace {

class TorchArchive : public testing::Test {
 protected:
  std::filesystem::path write(const std::string& bytes) const {
    const std::filesystem::path path = folder_.path() / "adapter_model.bin";
    writeTextFile(path, bytes);
    return path;
  }
  static std::string bytesOf(const at::Tensor& tensor) {
    std::string bytes(tensor.nbytes(), '\0');
    std::memcpy(bytes.data(), tensor.const_data_ptr(), bytes.size());
    return bytes;
  }
  // One pickle and the storages "0", "1", ...
  std::string archive(const std::string& pickled, const std::vector<std::string>& storages, bool deflated = false) const {
    std::vector<MadeEntry> entries = {{.name = "a/data.pkl", .bytes = pickled, .deflated = deflated},
                                      {.name = "a/byteorder", .bytes = "little"}};
    for (std::size_t i = 0; i < storages.size(); ++i)
      entries.push_back({.name = "a/data/" + std::to_string(i), .bytes = storages[i], .deflated = deflated});
    return zipOf(entries);
  }
  std::map<std::string, torch::Tensor> read(const std::string& pickled, const std::vector<std::string>& storages) const {
    return readTorchArchive(write(archive(pickled, storages)));
  }
  void expectRefused(ErrorCode code, const std::vector<std::string>& parts, const std::string& pickled,
                     const std::vector<std::string>& storages = {}) const {
    std::vector<std::string> said = parts;
    said.emplace_back("adapter_model.bin");
    expectError(code, said, [&] { read(pickled, storages); });
  }

  const at::Tensor six_ = at::arange(6, at::kFloat);
  TemporaryDirectory folder_;
};

TEST_F(TorchArchive, GivesTensorsOfAllPrecisions) {
  const std::vector<std::pair<std::string, at::ScalarType>> types = {{"FloatStorage", at::kFloat},
                                                                     {"DoubleStorage", at::kDouble},
                                                                     {"HalfStorage", at::kHalf},
                                                                     {"BFloat16Storage", at::kBFloat16}};
  for (const auto& [name, type] : types) {
    const std::string pickled =
        pickle::dictionary(pickle::text("w") + pickle::tensor(pickle::storage(name, "0", 6), 0, {2, 3}, {3, 1}));
    const auto tensors = read(pickled, {bytesOf(six_.to(type))});
    ASSERT_EQ(tensors.size(), 1U);
    EXPECT_EQ(tensors.at("w").scalar_type(), type);
    EXPECT_TRUE(at::equal(tensors.at("w").to(at::kFloat), six_.view({2, 3})));
  }
}

TEST_F(TorchArchive, ViewsOfOneStorageAreUntangled) {
  const std::string stored = pickle::storage("FloatStorage", "0", 6);
  const std::string pickled =
      pickle::dictionary(pickle::text("transposed") + pickle::tensor(stored, 0, {3, 2}, {1, 3}) + pickle::text("part") +
                         pickle::tensor(stored, 4, {2}, {1}) + pickle::text("none") + pickle::tensor(stored, 0, {0, 4}, {4, 1}));
  const auto tensors = read(pickled, {bytesOf(six_)});
  EXPECT_TRUE(at::equal(tensors.at("transposed"), six_.view({2, 3}).t()));
  EXPECT_TRUE(tensors.at("transposed").is_contiguous());
  EXPECT_TRUE(at::equal(tensors.at("part"), at::tensor({4.0F, 5.0F})));
  EXPECT_EQ(tensors.at("none").sizes(), at::IntArrayRef({0, 4}));
}

TEST_F(TorchArchive, DeflatedAndLargeEntriesAreRead) {
  const std::string pickled =
      pickle::dictionary(pickle::text("w") + pickle::tensor(pickle::storage("FloatStorage", "0", 6), 0, {6}, {1}));
  EXPECT_TRUE(at::equal(readTorchArchive(write(archive(pickled, {bytesOf(six_)}, true))).at("w"), six_));
  const std::string zip64 = zipOf(
      {{.name = "x/data.pkl", .bytes = pickled, .zip64 = true}, {.name = "x/data/0", .bytes = bytesOf(six_), .zip64 = true}});
  EXPECT_TRUE(at::equal(readTorchArchive(write(zip64)).at("w"), six_));
}

TEST_F(TorchArchive, AnOrderedDictWithItsAttributesIsADictionary) {
  const std::string pickled = std::string("\x80\x02", 2) + pickle::global("collections", "OrderedDict") + ")R(" +
                              pickle::text("w") + pickle::tensor(pickle::storage("FloatStorage", "0", 6), 0, {6}, {1}) + "u}" +
                              pickle::text("_metadata") + "}sb.";
  EXPECT_TRUE(at::equal(read(pickled, {bytesOf(six_)}).at("w"), six_));
}

TEST_F(TorchArchive, NothingIsExecuted) {
  const std::string call = "(" + pickle::text("touch /tmp/orthoscribe-was-here") + "tR";
  expectRefused(ErrorCode::Unsupported, {"posix.system"},
                pickle::dictionary(pickle::text("w") + pickle::global("posix", "system") + call));
  expectRefused(
      ErrorCode::Unsupported, {"builtins.eval"},
      std::string("\x80\x04", 2) + std::string("\x8c\x08") + "builtins" + std::string("\x8c\x04") + "eval\x93" + call + ".");
  expectRefused(ErrorCode::Unsupported, {"torch.load"}, pickle::dictionary(pickle::text("w") + pickle::global("torch", "load")));
  // INST, OBJ, NEWOBJ, REDUCE of what is no tensor, persistent ids by name
  expectRefused(ErrorCode::Unsupported, {"opcode", "'i'"}, "(ios\nsystem\n.");
  expectRefused(ErrorCode::Unsupported, {"opcode", "'o'"}, "(o.");
  expectRefused(ErrorCode::Unsupported, {"opcode", "0x81"}, ")\x81.");
  expectRefused(ErrorCode::Unsupported, {"opcode", "'P'"}, "Pname\n.");
  expectRefused(ErrorCode::Unsupported, {"calls something"}, pickle::global("torch", "FloatStorage") + ")R.");
  expectRefused(ErrorCode::Unsupported, {"attributes"}, pickle::global("torch", "FloatStorage") + "}b.");
}

TEST_F(TorchArchive, WhatIsNoTensorIsNamed) {
  expectRefused(ErrorCode::Unsupported, {"'epoch'", "no tensor"}, pickle::dictionary(pickle::text("epoch") + pickle::number(3)));
  expectRefused(ErrorCode::Unsupported, {"no dictionary"}, pickle::number(3) + ".");
  expectRefused(ErrorCode::Unsupported, {"key"}, pickle::dictionary(pickle::number(3) + pickle::number(3)));
}

TEST_F(TorchArchive, TensorsBeyondTheirStorageAreRefused) {
  const std::string stored = pickle::storage("FloatStorage", "0", 6);
  const auto one = [&](std::int64_t offset, const std::vector<std::int64_t>& sizes, const std::vector<std::int64_t>& strides) {
    return pickle::dictionary(pickle::text("w") + pickle::tensor(stored, offset, sizes, strides));
  };
  constexpr std::int64_t kHuge = std::int64_t{1} << 62;
  const std::vector<std::string> storages = {bytesOf(six_)};
  expectRefused(ErrorCode::InvalidInput, {"beyond its storage"}, one(1, {6}, {1}), storages);
  expectRefused(ErrorCode::InvalidInput, {"beyond its storage"}, one(0, {2, 3}, {kHuge, kHuge}), storages);
  expectRefused(ErrorCode::InvalidInput, {"beyond its storage"}, one(-1, {2}, {1}), storages);
  expectRefused(ErrorCode::InvalidInput, {"more elements"}, one(0, {kHuge, kHuge}, {0, 0}), storages);
  expectRefused(ErrorCode::InvalidInput, {"not made of counts"}, one(0, {-1}, {1}), storages);
  expectRefused(ErrorCode::InvalidInput, {"as many strides"}, one(0, {2, 3}, {1}), storages);
  expectRefused(ErrorCode::InvalidInput, {"'w'", "bytes"}, one(0, {6}, {1}), {bytesOf(six_).substr(0, 20)});
  expectRefused(ErrorCode::NotFound, {"a/data/0"}, one(0, {6}, {1}), {});
}

// Containers that hold themselves must neither leak nor be walked for ever.
TEST_F(TorchArchive, ContainersThatHoldThemselvesAreHarmless) {
  expectRefused(ErrorCode::Unsupported, {"'self'", "no tensor"}, std::string("}q\x01(") + pickle::text("self") + "h\x01u.");
  std::string deep;
  for (int i = 0; i < 200000; ++i) deep += ")\x85";
  expectRefused(ErrorCode::InvalidInput, {"one object"}, deep + ".");
  std::string nested = ")";
  for (int i = 0; i < 200000; ++i) nested += '\x85';
  expectRefused(ErrorCode::Unsupported, {"no dictionary"}, nested + ".");
}

TEST_F(TorchArchive, EveryCutIsNoticed) {
  const std::string pickled =
      pickle::dictionary(pickle::text("w") + pickle::tensor(pickle::storage("FloatStorage", "0", 6), 0, {6}, {1}));
  const std::string whole = archive(pickled, {bytesOf(six_)});
  for (std::size_t length = 0; length < whole.size(); length += 7)
    EXPECT_THROW(readTorchArchive(write(whole.substr(0, length))), Error) << length;
  for (std::size_t length = 0; length < pickled.size(); ++length)
    EXPECT_THROW(readPickledTensors(pickled.substr(0, length), "cut"), Error) << length;
}

TEST_F(TorchArchive, EveryWrongByteIsNoticedOrHarmless) {
  const std::string pickled =
      pickle::dictionary(pickle::text("w") + pickle::tensor(pickle::storage("FloatStorage", "0", 6), 0, {6}, {1}));
  const std::string whole = archive(pickled, {bytesOf(six_)}, true);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string wrong = whole;
    wrong[at] = static_cast<char>(wrong[at] ^ 0x41);
    try {
      const auto tensors = readTorchArchive(write(wrong));
      for (const auto& [name, tensor] : tensors) EXPECT_TRUE(at::equal(tensor, six_)) << at;
    } catch (const Error&) {
      continue;
    }
  }
}

TEST_F(TorchArchive, DirectoriesThatLieAreRefused) {
  const auto refused = [&](const std::vector<MadeEntry>& entries, ErrorCode code, const char* said) {
    expectError(code, {said, "adapter_model.bin"}, [&] { readTorchArchive(write(zipOf(entries))); });
  };
  const std::string empty = std::string("\x80\x02", 2) + "}.";
  refused({{.name = "a/data.pkl", .bytes = empty}, {.name = "a/data.pkl", .bytes = empty}}, ErrorCode::InvalidInput, "twice");
  refused({{.name = "a/data.pkl", .bytes = empty, .claimedBytes = 1u << 30}}, ErrorCode::InvalidInput, "beyond the file");
  refused({{.name = "a/data.pkl", .bytes = empty, .deflated = true, .claimedBytes = 1u << 31}}, ErrorCode::InvalidInput,
          "impossible size");
  refused({{.name = "a/data.pkl", .bytes = empty, .deflated = true, .claimedBytes = 400}}, ErrorCode::InvalidInput, "unpacked");
  refused({{.name = "a/data.pkl", .bytes = empty, .claimedAt = 3}}, ErrorCode::InvalidInput, "not where");
  refused({{.name = "a/data.pkl", .bytes = empty, .checksumError = 1}}, ErrorCode::InvalidInput, "checksum");
  refused({{.name = "a/data.pkl", .bytes = empty, .flags = 1}}, ErrorCode::Unsupported, "encrypted");
  refused({{.name = "other", .bytes = empty}}, ErrorCode::Unsupported, "data.pkl");
  refused({{.name = "a/data.pkl", .bytes = empty}, {.name = "a/byteorder", .bytes = "big"}}, ErrorCode::Unsupported,
          "highest byte");
}

TEST_F(TorchArchive, TheOldFormatIsRefusedByName) {
  expectError(ErrorCode::Unsupported, {"old format"},
              [&] { readTorchArchive(write(std::string("\x80\x02\x8a\x0a", 4) + "lfcF")); });
  expectError(ErrorCode::InvalidInput, {"zip archive"}, [&] { readTorchArchive(write("nothing of the kind, only words here")); });
  expectError(ErrorCode::NotFound, {"missing.bin"}, [&] { readTorchArchive(folder_.path() / "missing.bin"); });
}

}  // namespace
}  // namespace orthoscribe::model
