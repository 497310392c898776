// SPDX-License-Identifier: GPL-2.0-or-later
// A report as Chromium shows it, without a display.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <regex>
#include <set>

#include "core/base/files.h"
#include "core/base/image_codec.h"
#include "tests/unit/learn_evaluate/full_page.h"

namespace orthoscribe::learn {
namespace {

namespace fs = std::filesystem;

std::string findBrowser() {
  for (const char* path : {"/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"}) {
    if (fs::exists(path)) return path;
  }
  return {};
}

class ReportInChromium : public ::testing::Test {
 protected:
  void SetUp() override {
    browser_ = findBrowser();
    if (browser_.empty()) GTEST_SKIP() << "chromium is not installed";
    writeTextFile(page_, evaluationHtml(fullPage()));
  }

  // Nothing but the page is wanted from the network: every name leads nowhere, and a failed fetch would be told.
  void open(const std::string& what) {
    const std::string command =
        "timeout 120 " + browser_ +
        " --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run --disable-background-networking"
        " --disable-component-update --host-resolver-rules='MAP * ~NOTFOUND' --enable-logging=stderr --window-size=1200,2600"
        " --user-data-dir=" +
        (folder_.path() / "profile").string() + " " + what + " file://" + page_.string() + " > " + dom_.string() + " 2> " +
        log_.string();
    ASSERT_EQ(std::system(command.c_str()), 0) << readTextFile(log_);
  }

  TemporaryDirectory folder_;
  std::string browser_;
  fs::path page_ = folder_.path() / "report.html";
  fs::path dom_ = folder_.path() / "dom.html";
  fs::path log_ = folder_.path() / "log.txt";
};

TEST_F(ReportInChromium, HasItsFiguresAndNoErrors) {
  open("--dump-dom");
  const std::string log = readTextFile(log_);
  EXPECT_EQ(log.find("CONSOLE"), std::string::npos) << log;
  const std::string dom = readTextFile(dom_);
  const auto count = [&](const char* pattern) {
    const std::regex expression(pattern);
    return std::distance(std::sregex_iterator(dom.begin(), dom.end(), expression), std::sregex_iterator());
  };
  EXPECT_EQ(count("<section "), 2);
  EXPECT_EQ(count("<svg class=\"curves\""), 2);
  EXPECT_EQ(count("<svg class=\"matrix\""), 2);
  EXPECT_EQ(count("<svg class=\"picture\""), 1);
  EXPECT_EQ(count("class=\"truth\""), 2);
  EXPECT_EQ(count("<script"), 0);
}

TEST_F(ReportInChromium, IsDrawn) {
  const fs::path shot = folder_.path() / "shot.png";
  open("--blink-settings=preferredColorScheme=1 --screenshot=" + shot.string());
  const RgbImage image = readImageFile(shot);
  EXPECT_EQ(image.width, 1200);
  int accent = 0;
  int pictured = 0;
  std::set<std::uint32_t> colours;
  for (int row = 0; row < image.height; ++row) {
    for (int column = 0; column < image.width; ++column) {
      const std::uint8_t* pixel = image.at(column, row);
      colours.insert(static_cast<std::uint32_t>(pixel[0]) << 16 | static_cast<std::uint32_t>(pixel[1]) << 8 | pixel[2]);
      // The first curve's colour, and the picture's blue.
      accent += pixel[0] == 0x1f && pixel[1] == 0x6f && pixel[2] == 0xeb ? 1 : 0;
      pictured += std::abs(pixel[2] - 90) < 12 && pixel[0] != pixel[1] ? 1 : 0;
    }
  }
  EXPECT_GT(accent, 300) << "pixels of the curves";
  EXPECT_GT(pictured, 10000) << "pixels of the embedded picture";
  EXPECT_GT(colours.size(), 1000u);
}

}  // namespace
}  // namespace orthoscribe::learn
