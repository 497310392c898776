// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include "tests/architecture/include_rules.h"

namespace orthoscribe::architecture {
namespace {

TEST(Architecture, EveryIncludeFollowsTheDirections) {
  for (const Violation& violation : checkTree(ORTHOSCRIBE_SOURCE_DIR)) {
    ADD_FAILURE() << violation.file << ":" << violation.line << ": includes " << violation.included << "; " << violation.why;
  }
}

TEST(Architecture, ForbiddenIncludesAreFound) {
  struct Case {
    const char* file;
    const char* text;
  };
  const Case forbidden[] = {
      {"core/geo/raster.cpp", "#include <QString>\n"},
      {"core/base/error.h", "#include <torch/types.h>\n"},
      {"plugin/plugin.cpp", "#include <ATen/ATen.h>\n"},
      {"plugin/plugin.cpp", "#include \"core/engine/local_model.h\"\n"},
      {"ui/ask_dock.cpp", "#include \"core/tasks/detect.h\"\n"},
      {"core/tasks/detect.cpp", "#include <gdal_priv.h>\n"},
      {"core/engine/generator.cpp", "  #  include <ogrsf_frmts.h>\n"},
      {"core/geo/tiling.cpp", "#include \"core/tasks/detect.h\"\n"},
      {"core/client/http_model.cpp", "#include <qgsproject.h>\n"},
      {"core/learn/metrics/score.cpp", "#include <torch/types.h>\n"},
      {"core/learn/metrics/score.cpp", "#include \"core/learn/data/view.h\"\n"},
      {"plugin/plugin.cpp", "#include \"core/learn/data/view.h\"\n"},
  };
  for (const Case& wrong : forbidden) {
    EXPECT_EQ(checkText(wrong.file, wrong.text).size(), 1u) << wrong.file << " may not hold " << wrong.text;
  }
}

TEST(Architecture, AllowedIncludesPass) {
  EXPECT_TRUE(checkText("core/geo/raster.cpp", "#include <gdal.h>\n#include \"core/base/error.h\"\n#include <vector>\n").empty());
  EXPECT_TRUE(
      checkText("plugin/plugin.cpp", "#include <QPointer>\n#include <qgsproject.h>\n#include \"core/tasks/detect.h\"\n").empty());
  EXPECT_TRUE(
      checkText("core/learn/train/trainer.cpp", "#include <torch/types.h>\n#include \"core/engine/local_model.h\"\n").empty());
  EXPECT_TRUE(checkText("plugin/plugin.cpp", "#include \"core/learn/metrics/score.h\"\n").empty());
  EXPECT_TRUE(checkText("core/learn/evaluate/exam.cpp", "#include \"core/learn/metrics/score.h\"\n").empty());
  EXPECT_TRUE(checkText("tests/unit/geo/raster_test.cpp", "#include <QString>\n").empty());
}

}  // namespace
}  // namespace orthoscribe::architecture
