// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>

#include "core/base/error.h"
#include "core/base/make_folders.h"

namespace orthoscribe {
namespace {

namespace fs = std::filesystem;

// Restores a variable of the environment at the end of a test.
class EnvironmentVariable {
 public:
  EnvironmentVariable(std::string name, const std::string& value) : name_(std::move(name)) {
    if (const char* old = std::getenv(name_.c_str())) old_ = old;
    ::setenv(name_.c_str(), value.c_str(), 1);
  }
  ~EnvironmentVariable() {
    if (old_) {
      ::setenv(name_.c_str(), old_->c_str(), 1);
    } else {
      ::unsetenv(name_.c_str());
    }
  }
  EnvironmentVariable(const EnvironmentVariable&) = delete;
  EnvironmentVariable& operator=(const EnvironmentVariable&) = delete;

 private:
  std::string name_;
  std::optional<std::string> old_;
};

std::size_t entriesIn(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

ErrorCode codeOf(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "nothing was thrown";
  return ErrorCode::Internal;
}

TEST(Files, TextComesBackByteForByte) {
  const TemporaryDirectory folder;
  const std::string text("a\0b\r\n\xFF", 6);
  writeTextFile(folder.path() / "text", text);
  EXPECT_EQ(readTextFile(folder.path() / "text"), text);
}

TEST(Files, ReadingSaysWhichFileAndWhy) {
  const TemporaryDirectory folder;
  EXPECT_EQ(codeOf([&] { readTextFile(folder.path() / "missing"); }), ErrorCode::NotFound);
  EXPECT_EQ(codeOf([&] { readTextFile(folder.path()); }), ErrorCode::InvalidInput);
  try {
    readTextFile(folder.path() / "missing");
  } catch (const Error& error) {
    EXPECT_THAT(error.message(), testing::HasSubstr("missing"));
  }
}

TEST(WriteThenRename, ReplacesWholeFilesOnly) {
  const TemporaryDirectory folder;
  const fs::path file = folder.path() / "layer.gpkg";
  writeTextFile(file, "old");
  fs::path temporaryName;
  writeThenRename(file, [&](const fs::path& temporary) {
    temporaryName = temporary;
    EXPECT_EQ(temporary.extension(), ".gpkg");
    EXPECT_EQ(temporary.parent_path(), folder.path());
    writeTextFile(temporary, "new");
    EXPECT_EQ(readTextFile(file), "old");
  });
  EXPECT_EQ(readTextFile(file), "new");
  EXPECT_FALSE(fs::exists(temporaryName));
}

TEST(WriteThenRename, AFailureLeavesTheOldFileAndNothingElse) {
  const TemporaryDirectory folder;
  const fs::path file = folder.path() / "data.json";
  writeTextFile(file, "old");
  EXPECT_THROW(writeThenRename(file,
                               [](const fs::path& temporary) {
                                 writeTextFile(temporary, "half");
                                 throw std::runtime_error("disk full");
                               }),
               std::runtime_error);
  EXPECT_EQ(readTextFile(file), "old");
  EXPECT_EQ(entriesIn(folder.path()), 1u);
}

TEST(WriteThenRename, AWriterThatWritesNothingIsAnError) {
  const TemporaryDirectory folder;
  EXPECT_EQ(codeOf([&] { writeThenRename(folder.path() / "x", [](const fs::path&) {}); }), ErrorCode::Io);
}

TEST(Files, WritingIntoAMissingFolderIsAnError) {
  const TemporaryDirectory folder;
  EXPECT_EQ(codeOf([&] { writeTextFile(folder.path() / "no/such/file", "x"); }), ErrorCode::Io);
}

TEST(TemporaryDirectory, IsRemovedWithItsContents) {
  fs::path path;
  {
    const TemporaryDirectory folder("orthoscribe-test-");
    path = folder.path();
    EXPECT_THAT(path.filename().string(), testing::StartsWith("orthoscribe-test-"));
    fs::create_directory(path / "inside");
    writeTextFile(path / "inside/file", "x");
  }
  EXPECT_FALSE(fs::exists(path));
}

TEST(Folders, UserDataFollowsTheEnvironment) {
  const EnvironmentVariable data("XDG_DATA_HOME", "/data/of/me");
  EXPECT_EQ(userDataDirectory(), "/data/of/me/orthoscribe");
  const EnvironmentVariable unset("XDG_DATA_HOME", "");
  const EnvironmentVariable home("HOME", "/home/of/me");
  EXPECT_EQ(userDataDirectory(), "/home/of/me/.local/share/orthoscribe");
}

TEST(Folders, ModelsAreFoundByPathAndByName) {
  const TemporaryDirectory folder;
  const EnvironmentVariable data("XDG_DATA_HOME", folder.path().string());
  const fs::path model = folder.path() / "orthoscribe/models/mine";
  fs::create_directories(model);
  EXPECT_EQ(findModelDirectory("mine"), model);
  EXPECT_EQ(findModelDirectory(model.string()), model);
  try {
    findModelDirectory("yours");
    ADD_FAILURE() << "an unknown model was found";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::NotFound);
    EXPECT_THAT(error.hint(), testing::AllOf(testing::HasSubstr("starter"), testing::HasSubstr("mine")));
  }
}

TEST(Folders, ResourcesNamedInTheEnvironmentMustExist) {
  const TemporaryDirectory folder;
  {
    const EnvironmentVariable named("ORTHOSCRIBE_RESOURCES", folder.path().string());
    EXPECT_EQ(resourceDirectory(), folder.path());
    EXPECT_EQ(codeOf([] { starterModelDirectory(); }), ErrorCode::NotFound);
  }
  const EnvironmentVariable named("ORTHOSCRIBE_RESOURCES", (folder.path() / "none").string());
  EXPECT_EQ(codeOf([] { resourceDirectory(); }), ErrorCode::NotFound);
}

TEST(Files, AFolderBelowAFileIsRefusedByName) {
  const TemporaryDirectory folder;
  writeTextFile(folder.path() / "file", "x");
  makeFolders(folder.path() / "a" / "b");
  EXPECT_TRUE(std::filesystem::is_directory(folder.path() / "a" / "b"));
  try {
    makeFolders(folder.path() / "file" / "below");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::Io);
    EXPECT_NE(std::string(error.what()).find((folder.path() / "file" / "below").string()), std::string::npos);
  }
}

}  // namespace
}  // namespace orthoscribe
