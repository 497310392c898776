// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/weights/safetensors.h"

#include <ATen/ATen.h>

#include <cstring>
#include <fstream>

#include "core/base/files.h"
#include "core/model/weights/checkpoint.h"
#include "tests/unit/model/expect_error.h"

namespace orthoscribe::model {
namespace {

class Safetensors : public testing::Test {
 protected:
  std::filesystem::path file(const std::string& name) const { return folder_.path() / name; }

  // A file with this header, its length as stated or as it is, and this many bytes of data.
  std::filesystem::path written(const std::string& header, std::size_t dataBytes, std::int64_t statedLength = -1) const {
    std::uint64_t length = statedLength < 0 ? header.size() : static_cast<std::uint64_t>(statedLength);
    std::string bytes(sizeof length, '\0');
    std::memcpy(bytes.data(), &length, sizeof length);
    writeTextFile(file("liar.safetensors"), bytes + header + std::string(dataBytes, '\1'));
    return file("liar.safetensors");
  }

  void expectRefused(const std::string& header, std::size_t dataBytes, const std::string& why,
                     std::int64_t statedLength = -1) const {
    SCOPED_TRACE(header);
    const std::filesystem::path path = written(header, dataBytes, statedLength);
    expectError(ErrorCode::InvalidInput, {"liar.safetensors", why}, [&] { SafetensorsFile reader(path); });
  }

  TemporaryDirectory folder_;
};

TEST_F(Safetensors, GiveBackWhatWasWritten) {
  const std::map<std::string, torch::Tensor> tensors = {
      {"bool", at::arange(3) != 1},
      {"double", at::arange(6, at::kDouble).reshape({2, 3})},
      {"empty", at::empty({0, 4})},
      {"half", at::tensor({1.5, -2.0}).to(at::kHalf)},
      {"brain", at::tensor({1.5, -2.0}).to(at::kBFloat16)},
      {"scalar", at::tensor(7, at::kLong)},
      {"turned", at::arange(6, at::kFloat).reshape({2, 3}).t()},
  };
  writeSafetensors(file("a.safetensors"), tensors, {{"format", "pt"}});
  const SafetensorsFile read(file("a.safetensors"));
  EXPECT_EQ(read.metadata().at("format"), "pt");
  ASSERT_EQ(read.entries().size(), tensors.size());
  for (const auto& [name, tensor] : tensors) {
    EXPECT_EQ(read.tensor(name).scalar_type(), tensor.scalar_type()) << name;
    EXPECT_TRUE(at::equal(read.tensor(name), tensor)) << name;
  }
}

TEST_F(Safetensors, TensorsOutliveTheirFile) {
  writeSafetensors(file("a.safetensors"), {{"x", at::arange(1000, at::kFloat)}});
  const torch::Tensor kept = SafetensorsFile(file("a.safetensors")).tensor("x");
  std::filesystem::remove(file("a.safetensors"));
  EXPECT_EQ(kept.sum().item<float>(), 499500.0F);
}

TEST_F(Safetensors, RefuseHeadersThatLie) {
  expectRefused("{}", 0, "header of 1000000 bytes", 1000000);
  expectRefused("{}", 0, "header of", std::int64_t{1} << 62);
  expectRefused("{\"a\":", 4, "not a JSON object");
  expectRefused("[]", 0, "not a JSON object");
  expectRefused(R"({"a":{"dtype":"F32","shape":[2]}})", 8, "'a'");
  expectRefused(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 4, "'a' claims bytes 0 to 8");
  expectRefused(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}})", 8, "'a' claims bytes");
  expectRefused(R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})", 8, "'a' needs 12 bytes");
  expectRefused(R"({"a":{"dtype":"F16","shape":[2],"data_offsets":[0,8]}})", 8, "'a' needs 4 bytes");
  expectRefused(R"({"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})", 8, "'a' has a shape");
  expectRefused(R"({"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}})", 8,
                "'a' has an impossible shape");
  expectRefused(R"({"a":{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,8]}})", 8, "'a' has an impossible shape");
  expectRefused(R"({"a":{"dtype":"F32","shape":"2","data_offsets":[0,8]}})", 8, "'a'");
  expectRefused(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}})", 8, "'a'");
  expectRefused(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 12, "12 bytes of tensors");
}

TEST_F(Safetensors, RefuseOverlapsHolesAndDoubles) {
  const std::string first = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)";
  expectRefused(first + R"("b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})", 12, "'b' overlaps");
  expectRefused(first + R"("b":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}})", 16, "hole before tensor 'b'");
  expectRefused(first + R"("a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 8, "'a' twice");
}

TEST_F(Safetensors, RefuseWhatIsNoSuchFile) {
  writeTextFile(file("short"), "abc");
  expectError(ErrorCode::InvalidInput, {"short"}, [&] { SafetensorsFile reader(file("short")); });
  writeTextFile(file("empty"), "");
  expectError(ErrorCode::InvalidInput, {"empty"}, [&] { SafetensorsFile reader(file("empty")); });
  expectError(ErrorCode::NotFound, {"absent"}, [&] { SafetensorsFile reader(file("absent")); });
  expectError(ErrorCode::InvalidInput, {folder_.path().string()}, [&] { SafetensorsFile reader(folder_.path()); });
  const auto strange = written(R"({"a":{"dtype":"Q7","shape":[2],"data_offsets":[0,8]}})", 8);
  expectError(ErrorCode::Unsupported, {"'a'", "Q7"}, [&] { SafetensorsFile reader(strange); });
}

class Shards : public Safetensors {
 protected:
  void SetUp() override {
    writeSafetensors(file("model-1.safetensors"), {{"a", at::ones({2, 3})}});
    writeSafetensors(file("model-2.safetensors"), {{"b", at::zeros({4}, at::kBFloat16)}, {"c", at::ones({1}, at::kLong)}});
    index(R"({"a":"model-1.safetensors","b":"model-2.safetensors","c":"model-2.safetensors"})");
  }
  void index(const std::string& map) const {
    writeTextFile(file("model.safetensors.index.json"), R"({"metadata":{},"weight_map":)" + map + "}");
  }
  Checkpoint open() const { return {folder_.path(), "model", at::kFloat, at::kCPU}; }
};

TEST_F(Shards, GiveTensorsInThePrecisionAskedFor) {
  Checkpoint checkpoint = open();
  EXPECT_TRUE(at::equal(checkpoint.take("a", {2, 3}, {}), at::ones({2, 3})));
  EXPECT_EQ(checkpoint.take("b", {4}, {}).scalar_type(), at::kFloat);
  EXPECT_EQ(checkpoint.unused(), std::vector<std::string>{"c"});
  EXPECT_EQ(checkpoint.storedBytes(), 24U + 8U + 8U);
}

TEST_F(Shards, NameWhatDoesNotFit) {
  Checkpoint checkpoint = open();
  expectError(ErrorCode::InvalidInput, {"'a'", "[2, 3]", "[3, 2]", "model-1.safetensors"},
              [&] { checkpoint.take("a", {3, 2}, {}); });
  expectError(ErrorCode::NotFound, {"'d'", "[5]"}, [&] { checkpoint.take("d", {5}, {}); });
}

TEST_F(Shards, NameAMissingShard) {
  std::filesystem::remove(file("model-2.safetensors"));
  expectError(ErrorCode::NotFound, {"model-2.safetensors"}, [&] { open(); });
}

TEST_F(Shards, RefuseAnIndexThatLies) {
  index(R"({"a":"model-2.safetensors"})");
  expectError(ErrorCode::InvalidInput, {"model-2.safetensors", "'a'"}, [&] { open(); });
  index(R"({"a":"../model-1.safetensors"})");
  expectError(ErrorCode::InvalidInput, {"weight_map['a']"}, [&] { open(); });
  index("[]");
  expectError(ErrorCode::InvalidInput, {"weight_map"}, [&] { open(); });
  std::filesystem::remove(file("model.safetensors.index.json"));
  expectError(ErrorCode::NotFound, {"model.safetensors.index.json"}, [&] { open(); });
}

}  // namespace
}  // namespace orthoscribe::model
