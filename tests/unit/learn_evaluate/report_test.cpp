// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <regex>

#include "tests/unit/learn_evaluate/full_page.h"

namespace orthoscribe::learn {
namespace {

TEST(Report, AsksForNothingFromOutside) {
  const std::string html = evaluationHtml(fullPage());
  EXPECT_FALSE(std::regex_search(html, std::regex("https?:|//[a-z]|@import|url\\(|<link|<script|<iframe")));
  EXPECT_NE(html.find("default-src 'none'"), std::string::npos);
  EXPECT_NE(html.find("href=\"data:image/jpeg;base64,"), std::string::npos);
}

TEST(Report, ShowsTextAsText) {
  const std::string html = evaluationHtml(fullPage());
  EXPECT_NE(html.find("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; \xef\xbf\xbd"), std::string::npos);
}

TEST(Report, GivesCountsAndIntervals) {
  const std::string html = evaluationHtml(fullPage());
  EXPECT_NE(html.find("95 of 100"), std::string::npos);
  EXPECT_NE(html.find("88.8 to 97.8 %"), std::string::npos);
  EXPECT_NE(html.find("class=\"curves\""), std::string::npos);
  EXPECT_NE(html.find("class=\"matrix\""), std::string::npos);
  EXPECT_NE(html.find("class=\"picture\""), std::string::npos);
}

TEST(Report, ElementsAreClosed) {
  const std::string html = evaluationHtml(fullPage());
  for (const char* name :
       {"section", "table", "tr", "td", "th", "svg", "figure", "div", "g", "text", "article", "dl", "ul", "li", "a"}) {
    const auto count = [&](const std::string& pattern) {
      const std::regex expression(pattern);
      return std::distance(std::sregex_iterator(html.begin(), html.end(), expression), std::sregex_iterator());
    };
    EXPECT_EQ(count(std::string("<") + name + "[ >]"), count(std::string("</") + name + ">")) << name;
  }
}

}  // namespace
}  // namespace orthoscribe::learn
