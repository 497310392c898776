// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/processing/statistics_page.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <memory>
#include <regex>

#include "core/base/files.h"
#include "core/learn/data/processing/open_picture.h"
#include "core/learn/data/processing/page_charts.h"
#include "tests/unit/learn_data_loading/made_data.h"

namespace orthoscribe::learn {
namespace {

// A failure does not show the whole page.
testing::AssertionResult holds(const std::string& html, const std::string& part) {
  if (html.find(part) != std::string::npos) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "\"" << part << "\" is missing";
}

class StatisticsPage : public testing::Test {
 protected:
  void SetUp() override {
    const char* labels[] = {"ship", "storage tank", "car <old> & \"new\"", "plane"};
    for (int i = 0; i < 8; ++i) {
      Record record;
      record.image = folder_.path() / ("picture" + std::to_string(i) + ".png");
      writePicture(test::busyImage(120, 90, static_cast<unsigned>(i)), record.image, 90);
      record.source = "flight" + std::to_string(i / 2);
      record.widthPx = 120;
      record.heightPx = 90;
      for (int k = 0; k <= i; ++k)
        record.objects.push_back(test::turnedShape(labels[k % 4], {20.0 + 10 * k, 45}, 16 + 4 * k, 8, 20 * k));
      record.objects.front().difficult = true;
      record.captions = {"Ships beside a <b>pier</b>."};
      record.questions = {{"How many ships are there?", "3", "count"}};
      record.sceneClass = i % 2 == 0 ? "harbour" : "beach";
      statistics_.add(record);
    }
    report_.skip({BadKind::NoArea, "labels/P1.txt:3", "a box <without> area"});
  }

  std::string page() { return statisticsPage(statistics_, {"Harbours & ships", 320, 60}, report_, {}); }

  TemporaryDirectory folder_;
  DataStatistics statistics_{8};
  SkipReport report_;
};

TEST_F(StatisticsPage, CountsWhatIsThere) {
  EXPECT_EQ(statistics_.samples(), 8);
  EXPECT_EQ(statistics_.sources().size(), 4u);
  EXPECT_EQ(statistics_.classes().at("ship").objects, 12);  // of 1..8 objects, every fourth from the first
  EXPECT_EQ(statistics_.classes().at("ship").pictures, 8);
  EXPECT_EQ(statistics_.classes().at("ship").difficult, 8);
  EXPECT_EQ(statistics_.classes().at("plane").objects, 6);
  EXPECT_EQ(statistics_.pictureSizes().at("120 x 90"), 8);
  EXPECT_EQ(statistics_.questionTypes().at("count"), 8);
  EXPECT_EQ(statistics_.boxAngles().count(), 36);
}

TEST_F(StatisticsPage, ConversationsOfOnePictureCountItsObjectsOnce) {
  DataStatistics statistics;
  Record asked;
  asked.image = folder_.path() / "picture0.png";
  asked.turns = {{Role::User, "<image>How many?"}, {Role::Assistant, "1"}};
  asked.task = "vqa";
  asked.type = "count";
  statistics.add(asked);
  asked.objects = {test::turnedShape("ship", {20, 20}, 10, 8, 0)};
  statistics.add(asked);
  statistics.add(asked);
  asked.task = "classification";
  asked.turns.back().text = "harbour";
  statistics.add(asked);
  EXPECT_EQ(statistics.pictures().size(), 1u);
  EXPECT_EQ(statistics.classes().at("ship").objects, 1);
  EXPECT_EQ(statistics.questionTypes().at("count"), 4);
  EXPECT_EQ(statistics.tasks().at("vqa"), 3);
  EXPECT_EQ(statistics.scenes().at("harbour"), 1);
}

TEST_F(StatisticsPage, HoldsEveryClassAndNothingFromOutside) {
  const std::string html = page();
  for (const auto& [name, count] : statistics_.classes()) EXPECT_TRUE(holds(html, htmlText(name)));
  for (const char* part : {"Harbours &amp; ships", "12 in 8 pictures", "120 x 90", "count", "harbour", "labels/P1.txt:3",
                           "a box &lt;without&gt; area", "data:image/jpeg;base64,", "<polygon class=\"difficult\""})
    EXPECT_TRUE(holds(html, part));
  EXPECT_EQ(html.find("<old>"), std::string::npos);
  EXPECT_EQ(html.find("<script"), std::string::npos);
  // No address but data in the page itself.
  const std::regex reference("(src|href)=\"([^\"]{0,10})|url\\(|@import|https?://");
  for (std::sregex_iterator found(html.begin(), html.end(), reference), end; found != end; ++found)
    EXPECT_TRUE((*found)[2].str().starts_with("data:")) << found->str();
}

TEST_F(StatisticsPage, UnreadablePicturesAreTold) {
  std::ofstream(folder_.path() / "picture3.png", std::ios::binary) << "no picture";
  const std::string html = page();
  EXPECT_EQ(report_.count(BadKind::UnreadableImage), 1);
  EXPECT_TRUE(holds(html, "picture3.png"));
}

TEST(StatisticsOfNothing, IsAPageToo) {
  SkipReport report;
  const std::string html = statisticsPage(DataStatistics(), {"Empty", 320, 60}, report, {});
  EXPECT_TRUE(holds(html, "</html>"));
  EXPECT_TRUE(holds(html, "<b>0</b>"));
}

struct Ran {
  int status = -1;
  std::string output;
};

Ran run(const std::string& command) {
  Ran ran;
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return ran;
  std::array<char, 4096> buffer{};
  for (std::size_t got = fread(buffer.data(), 1, buffer.size(), pipe); got > 0;
       got = fread(buffer.data(), 1, buffer.size(), pipe))
    ran.output.append(buffer.data(), got);
  ran.status = pclose(pipe);
  return ran;
}

TEST_F(StatisticsPage, OpensInABrowserWithoutComplaint) {
  if (run("command -v chromium").status != 0) GTEST_SKIP() << "chromium is not installed";
  writeTextFile(folder_.path() / "page.html", page());
  const std::string address = "file://" + (folder_.path() / "page.html").string();
  const std::string profile = (folder_.path() / "profile").string();
  const Ran shown =
      run("timeout 120 chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --enable-logging=stderr --v=0 "
          "--user-data-dir='" +
          profile + "' --dump-dom '" + address + "'");
  ASSERT_EQ(shown.status, 0) << shown.output.substr(0, 2000);
  EXPECT_TRUE(holds(shown.output, "storage tank"));
  EXPECT_EQ(shown.output.find("CONSOLE"), std::string::npos) << shown.output.substr(0, 2000);
}

}  // namespace
}  // namespace orthoscribe::learn
