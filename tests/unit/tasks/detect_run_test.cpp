// SPDX-License-Identifier: GPL-2.0-or-later
// How a run behaves: seams, cancelling, failures, windows without data or that cannot be read, scores.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/tasks/detect.h"
#include "core/tasks/dialect.h"
#include "tests/unit/tasks/coded_scene.h"

namespace orthoscribe::tasks {
namespace {

using testing::HasSubstr;

constexpr int kSide = 112;

CodedScene twelveShips() {
  CodedScene scene;
  for (int row = 0; row < 3; ++row) {
    for (int column = 0; column < 4; ++column)
      scene.shapes.push_back({"ship", {{40.0 + 70 * column, 40.0 + 85 * row}, 24, 12, 0}});
  }
  return scene;
}

// A raster in code that can be watched and disturbed.
class WatchedRaster : public geo::RasterSource {
 public:
  explicit WatchedRaster(geo::RasterSource& inner) : inner_(inner) {}
  std::int64_t width() const override { return inner_.width(); }
  std::int64_t height() const override { return inner_.height(); }
  geo::Geotransform geotransform() const override { return inner_.geotransform(); }
  bool hasGeotransform() const override { return inner_.hasGeotransform(); }
  std::string crsWkt() const override { return inner_.crsWkt(); }
  std::string name() const override { return inner_.name(); }
  std::optional<double> groundResolutionM() const override { return inner_.groundResolutionM(); }
  geo::RasterWindow read(const geo::PixelRect& source, int width, int height, const CancelToken& cancel) override {
    const int number = reads++;
    if (before) before(number);
    return inner_.read(source, width, height, cancel);
  }

  std::atomic<int> reads{0};
  std::function<void(int number)> before;

 private:
  geo::RasterSource& inner_;
};

// Answers by a function that sees everything a model sees.
class FreeModel : public VisionLanguageModel {
 public:
  using Chat = std::function<Reply(const std::vector<Message>&, const OnToken&)>;
  FreeModel(ModelInfo info, Chat chat) : info_(std::move(info)), chat_(std::move(chat)) {}
  Reply chat(const std::vector<Message>& messages, const GenerationOptions&, const OnToken& onToken,
             const CancelToken&) override {
    return chat_(messages, onToken);
  }
  ModelInfo info() override { return info_; }

 private:
  ModelInfo info_;
  Chat chat_;
};

// What a layer on a map would show, kept as the sink is told.
struct Shown {
  std::vector<std::optional<geo::Detection>> all;
  DetectSink sink() {
    DetectSink sink;
    sink.onTile = [this](const std::vector<geo::Detection>& found, const std::vector<std::size_t>& replaced) {
      for (const std::size_t index : replaced) {
        ASSERT_LT(index, all.size());
        ASSERT_TRUE(all[index]) << "replaced twice";
        all[index].reset();
      }
      all.insert(all.end(), found.begin(), found.end());
    };
    return sink;
  }
  std::size_t count() const {
    return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [](const auto& one) { return one.has_value(); }));
  }
};

class DetectRun : public testing::Test {
 protected:
  DetectRun() {
    options.classes = {"ship"};
    options.overlap = 0.4;
  }
  geo::GdalRaster open(const geo::MadeRaster& made) {
    made.write(folder.path() / "scene.tif");
    return geo::GdalRaster((folder.path() / "scene.tif").string());
  }

  TemporaryDirectory folder;
  CodedScene scene = twelveShips();
  DetectOptions options;
};

TEST_F(DetectRun, MergesOverSeamsAndTellsTheSinkWhatReplacesWhat) {
  geo::GdalRaster raster = open(scene.raster());
  // Objects at the border of a window are answered cut, as a real model does.
  ScriptedModel model(codedModelInfo("rscovlm_polygon", kSide), [&](const std::vector<Message>& messages) {
    const RgbImage& picture = messages.back().images.at(0);
    const geo::Point origin = originOf(picture).value();
    std::string answer;
    for (const CodedShape& shape : scene.shapes) {
      const auto within = [](double value) { return std::clamp(value, 0.0, double(kSide)); };
      const double left = within(shape.box.centre.x - 12 - origin.x), right = within(shape.box.centre.x + 12 - origin.x);
      const double top = within(shape.box.centre.y - 6 - origin.y), bottom = within(shape.box.centre.y + 6 - origin.y);
      if (right - left < 3 || bottom - top < 3) continue;
      const Dialect& dialect = dialectNamed("rscovlm_polygon");
      answer += dialect.format(geo::makeOrientedBox({(left + right) / 2, (top + bottom) / 2}, right - left, bottom - top, 0),
                               "ship", dialect.frameOf(kSide, kSide)) +
                "\n";
    }
    return answer;
  });
  Shown shown;
  const DetectReport report = detect(raster, model, options, shown.sink(), {});
  EXPECT_EQ(report.detections.size(), 12U);
  ASSERT_EQ(shown.count(), report.detections.size());
  EXPECT_GT(shown.all.size(), 12U) << "nothing was replaced: the test does not test seams";
  std::size_t at = 0;
  for (const auto& one : shown.all) {
    if (!one) continue;
    EXPECT_EQ(one->mapQuad, report.detections[at].mapQuad);
    EXPECT_FALSE(report.detections[at].cutByTile);
    ++at;
  }
}

TEST_F(DetectRun, CancelledKeepsWhatWasFound) {
  geo::GdalRaster raster = open(scene.raster());
  CancelSource source;
  int calls = 0;
  FreeModel model(codedModelInfo("rscovlm_polygon", kSide), [&](const auto& messages, const auto&) {
    Reply reply;
    reply.text = answerFromPicture(scene, "rscovlm_polygon", messages);
    if (++calls == 3) {
      source.cancel();
      // Broken off in the middle of the next line.
      reply.text += "1,1,20,1,20,20,1,2";
      reply.stopReason = StopReason::Cancelled;
    }
    return reply;
  });
  Shown shown;
  const DetectReport report = detect(raster, model, options, shown.sink(), source.token());
  EXPECT_TRUE(report.cancelled);
  EXPECT_EQ(calls, 3);
  EXPECT_EQ(report.tilesAsked, 3);
  EXPECT_GE(report.detections.size(), 3U);
  EXPECT_LT(report.detections.size(), 12U);
  EXPECT_EQ(report.dropped, 0);
  EXPECT_EQ(shown.count(), report.detections.size());
}

TEST_F(DetectRun, CancelledBeforeItBeginsAsksNothing) {
  geo::GdalRaster raster = open(scene.raster());
  CancelSource source;
  source.cancel();
  const auto model = codedModel(scene, "rscovlm_polygon", kSide);
  const DetectReport report = detect(raster, *model, options, {}, source.token());
  EXPECT_TRUE(report.cancelled);
  EXPECT_EQ(model->calls(), 0);
}

TEST_F(DetectRun, FailingModelEndsTheWorkAfterTheSinkGotAll) {
  geo::GdalRaster raster = open(scene.raster());
  int calls = 0;
  FreeModel model(codedModelInfo("rscovlm_polygon", kSide), [&](const auto& messages, const auto& onToken) {
    Reply reply;
    reply.text = answerFromPicture(scene, "rscovlm_polygon", messages);
    if (++calls == 4) {
      onToken({.text = "90,90,99,90,99,99,90,99 ship\n12,1", .logProbability = 0, .alternatives = {}});
      throw Error(ErrorCode::Unavailable, "the engine went away");
    }
    return reply;
  });
  Shown shown;
  try {
    detect(raster, model, options, shown.sink(), {});
    FAIL() << "not thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::Unavailable);
  }
  ASSERT_GE(shown.count(), 4U);
  EXPECT_TRUE(shown.all.back()) << "the line that was whole when the model failed";
  // RSCoVLM sees 112 pixels as 224.
  EXPECT_NEAR(shown.all.back()->pixelQuad[2].x - shown.all.back()->pixelQuad[0].x, 4.5, 1e-9);
}

TEST_F(DetectRun, WindowsWithoutDataAreNotShown) {
  geo::MadeRaster made = scene.raster();
  made.masked = [](int column, int) { return column >= 112; };
  geo::GdalRaster raster = open(made);
  const auto model = codedModel(scene, "rscovlm_polygon", kSide);
  options.overlap = 0;
  const DetectReport report = detect(raster, *model, options, {}, {});
  EXPECT_EQ(report.tilesTotal, 9);
  EXPECT_EQ(report.tilesEmpty, 6);
  EXPECT_EQ(model->calls(), 3);
  options.area = geo::PixelRect{180, 0, 112, 112};
  const DetectReport empty = detect(raster, *model, options, {}, {});
  EXPECT_EQ(model->calls(), 3);
  EXPECT_THAT(empty.warnings, testing::ElementsAre(HasSubstr("no window holds data")));
}

TEST_F(DetectRun, UnreadableWindowsAreCountedAndTold) {
  geo::GdalRaster inner = open(scene.raster());
  WatchedRaster raster(inner);
  raster.before = [](int number) {
    if (number == 1) throw Error(ErrorCode::Io, "scene.tif: block 7 cannot be read");
  };
  const auto model = codedModel(scene, "rscovlm_polygon", kSide);
  const DetectReport report = detect(raster, *model, options, {}, {});
  EXPECT_EQ(report.tilesFailed, 1);
  EXPECT_EQ(report.tilesAsked, report.tilesTotal - 1);
  EXPECT_THAT(report.warnings, testing::ElementsAre(testing::AllOf(HasSubstr("1 of "), HasSubstr("block 7"))));

  raster.before = [](int) { throw Error(ErrorCode::Io, "scene.tif: nothing can be read"); };
  EXPECT_THROW(detect(raster, *model, options, {}, {}), Error);
}

TEST_F(DetectRun, ReadsOnlyOneWindowAhead) {
  geo::GdalRaster inner = open(scene.raster());
  WatchedRaster raster(inner);
  int calls = 0;
  int furthest = 0;
  FreeModel model(codedModelInfo("rscovlm_polygon", kSide), [&](const auto&, const auto&) {
    ++calls;
    furthest = std::max(furthest, raster.reads - calls);
    return Reply{};
  });
  const DetectReport report = detect(raster, model, options, {}, {});
  EXPECT_EQ(calls, report.tilesTotal);
  EXPECT_LE(furthest, 1);
}

TEST_F(DetectRun, KeepsOnlyBoxesOfTheAreaAndThePolygons) {
  geo::GdalRaster raster = open(scene.raster());
  const auto model = codedModel(scene, "rscovlm_polygon", kSide);
  options.area = geo::PixelRect{0, 0, 100, 100};
  EXPECT_EQ(detect(raster, *model, options, {}, {}).detections.size(), 1U);
  options.area.reset();
  // A triangle over the first ship of the first and of the second row, and a square over the last ship.
  options.polygons = {{{20, 10}, {70, 125}, {20, 160}}, {{230, 190}, {270, 190}, {270, 230}, {230, 230}}};
  const DetectReport report = detect(raster, *model, options, {}, {});
  std::vector<std::pair<double, double>> centres;
  for (const geo::Detection& detection : report.detections) {
    centres.emplace_back((detection.pixelQuad[0].x + detection.pixelQuad[2].x) / 2,
                         (detection.pixelQuad[0].y + detection.pixelQuad[2].y) / 2);
  }
  EXPECT_THAT(centres, testing::UnorderedElementsAre(testing::Pair(40, 125), testing::Pair(250, 210)));
  EXPECT_LT(report.tilesTotal, 12);
  options.polygons.clear();
  options.area = geo::PixelRect{1000, 1000, 10, 10};
  EXPECT_THROW(detect(raster, *model, options, {}, {}), Error);
}

TEST_F(DetectRun, ScoresAreMeanTokenProbabilities) {
  geo::GdalRaster raster = open(scene.raster());
  options.area = geo::PixelRect{0, 0, kSide, kSide};
  const auto modelSaying = [](std::vector<GeneratedToken> tokens, bool withProbabilities) {
    return FreeModel(codedModelInfo("starter", 256), [=](const auto&, const auto&) {
      Reply reply;
      for (const GeneratedToken& token : tokens) reply.text += token.text;
      if (withProbabilities) reply.tokens = tokens;
      return reply;
    });
  };
  const auto token = [](const char* text, double probability) {
    return GeneratedToken{.text = text, .logProbability = std::log(probability), .alternatives = {}};
  };
  const std::vector<GeneratedToken> tokens = {token("ship ", 0.9), token("50 50", 0.5), token(" 20 10 0", 0.7), token("\n", 0.1),
                                              token("ship 90 90 20 10 0", 0.2)};
  FreeModel scored = modelSaying(tokens, true);
  const DetectReport report = detect(raster, scored, options, {}, {});
  ASSERT_EQ(report.detections.size(), 2U);
  EXPECT_NEAR(report.detections[0].score.value(), 0.7, 1e-9);
  EXPECT_NEAR(report.detections[1].score.value(), 0.2, 1e-9);
  options.minScore = 0.5;
  EXPECT_EQ(detect(raster, scored, options, {}, {}).detections.size(), 1U);
  FreeModel unscored = modelSaying(tokens, false);
  const DetectReport unknown = detect(raster, unscored, options, {}, {});
  ASSERT_EQ(unknown.detections.size(), 2U) << "unknown scores are not below any threshold";
  EXPECT_FALSE(unknown.detections[0].score);
}

TEST_F(DetectRun, TellsOfAnswersThatWentRoundInCircles) {
  geo::GdalRaster raster = open(scene.raster());
  FreeModel model(codedModelInfo("starter", 256), [](const auto&, const auto&) {
    Reply reply;
    for (int i = 0; i < 20; ++i) reply.text += "ship 50 50 20 10 0\n";
    reply.stopReason = StopReason::Repetition;
    reply.repeated = "ship 50 50 20 10 0\n";
    return reply;
  });
  options.area = geo::PixelRect{0, 0, kSide, kSide};
  const DetectReport report = detect(raster, model, options, {}, {});
  EXPECT_EQ(report.repeatingAnswers, 1);
  EXPECT_EQ(report.truncatedAnswers, 0);
  EXPECT_EQ(report.detections.size(), 1U) << "the same box is one object";
  EXPECT_THAT(report.warnings, testing::ElementsAre(testing::AllOf(HasSubstr("1 answers went round in circles"),
                                                                   HasSubstr("(\"ship 50 50 20 10 0 \" over and over)"))));
}

TEST_F(DetectRun, AModelThatFailsHasToldTheScoresOfWhatItSaid) {
  geo::GdalRaster raster = open(scene.raster());
  FreeModel model(codedModelInfo("starter", 256), [](const auto&, const auto& onToken) -> Reply {
    onToken({.text = "ship 50 50 ", .logProbability = std::log(0.5), .alternatives = {}});
    onToken({.text = "20 10 0", .logProbability = std::log(0.7), .alternatives = {}});
    onToken({.text = "\nship 9", .logProbability = std::log(0.1), .alternatives = {}});
    throw Error(ErrorCode::Unavailable, "the engine went away");
  });
  options.area = geo::PixelRect{0, 0, kSide, kSide};
  Shown shown;
  EXPECT_THROW(detect(raster, model, options, shown.sink(), {}), Error);
  ASSERT_EQ(shown.all.size(), 1U);
  EXPECT_NEAR(shown.all[0]->score.value(), 0.6, 1e-9);
}

TEST_F(DetectRun, AreaSmallerThanAWindowIsShownWithItsSurroundings) {
  scene.width = 60;
  scene.height = 50;
  scene.shapes = {{"ship", {{40, 26}, 24, 12, 0}}};
  geo::GdalRaster raster = open(scene.raster());
  const auto model = codedModel(scene, "rscovlm_polygon", kSide);
  const DetectReport report = detect(raster, *model, options, {}, {});
  EXPECT_EQ(report.tilesTotal, 1);
  ASSERT_EQ(report.detections.size(), 1U);
  EXPECT_FALSE(report.detections[0].cutByTile);
  EXPECT_EQ(report.detections[0].pixelQuad[0], (geo::Point{28, 20}));
}

TEST_F(DetectRun, WithoutGeoreferenceWorksInPixels) {
  geo::MadeRaster made = scene.raster();
  made.transform.reset();
  made.crs.clear();
  geo::GdalRaster raster = open(made);
  const auto model = codedModel(scene, "rscovlm_polygon", kSide);
  const DetectReport report = detect(raster, *model, options, {}, {});
  ASSERT_EQ(report.detections.size(), 12U);
  for (const geo::Detection& detection : report.detections) EXPECT_EQ(detection.mapQuad, detection.pixelQuad);
  EXPECT_EQ(report.gsdM, 0.0);
}

TEST_F(DetectRun, AnswersForOtherClassesAreLeftOutAndTold) {
  geo::GdalRaster raster = open(scene.raster());
  ScriptedModel model(codedModelInfo("rscovlm_polygon", kSide),
                      [](const auto&) { return std::string("10,10,30,10,30,20,10,20 plane\n10,40,30,40,30,60,10,60 Ships\n"); });
  options.area = geo::PixelRect{0, 0, kSide, kSide};
  const DetectReport report = detect(raster, model, options, {}, {});
  EXPECT_EQ(report.detections.size(), 1U);
  EXPECT_THAT(report.warnings, testing::ElementsAre(HasSubstr("'plane'")));
}

TEST_F(DetectRun, EntriesThatCannotBeUsedAreCountedAndTold) {
  geo::GdalRaster raster = open(scene.raster());
  ScriptedModel model(codedModelInfo("rscovlm_polygon", kSide), [](const auto&) {
    return std::string("Here:\n10,40,30,40,30,60,10,60 ship\n1,2,3 ship\n4,5,6,7 ship\n10,40,30,40,30,60,10,60");
  });
  options.area = geo::PixelRect{0, 0, kSide, kSide};
  options.classes = {"ship", "airplane"};
  const DetectReport report = detect(raster, model, options, {}, {});
  EXPECT_EQ(report.detections.size(), 1U);
  EXPECT_EQ(report.dropped, 4);
  EXPECT_THAT(report.warnings,
              testing::ElementsAre(HasSubstr("1 entry of the model's answers could not be used: no label"),
                                   HasSubstr("1 entry of the model's answers could not be used: no line of whole numbers"),
                                   HasSubstr("2 entries of the model's answers could not be used: wrong count of numbers")));
}

TEST_F(DetectRun, RefusesWhatMakesNoSense) {
  geo::GdalRaster raster = open(scene.raster());
  const auto model = codedModel(scene, "rscovlm_polygon", kSide);
  const auto refused = [&](auto change, const char* words) {
    DetectOptions wrong = options;
    change(wrong);
    try {
      detect(raster, *model, wrong, {}, {});
      ADD_FAILURE() << "not refused: " << words;
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr(words));
    }
  };
  refused([](DetectOptions& o) { o.classes = {}; }, "no class was named");
  refused([](DetectOptions& o) { o.classes = {" ", ""}; }, "no class was named");
  refused([](DetectOptions& o) { o.overlap = 1.0; }, "overlap");
  refused([](DetectOptions& o) { o.gsdM = -1.0; }, "ground resolution");
  refused([](DetectOptions& o) { o.dialect = "klingon"; }, "starter");
  EXPECT_EQ(model->calls(), 0);
}

TEST_F(DetectRun, RefusesMoreWindowsThanAnybodyCanWaitFor) {
  scene = {};
  scene.width = scene.height = 1100;
  geo::GdalRaster raster = open(scene.raster());
  const auto model = codedModel(scene, "rscovlm_polygon", kSide);
  options.gsdM = 1e-5;
  EXPECT_THROW(detect(raster, *model, options, {}, {}), Error);
  EXPECT_EQ(model->calls(), 0);
}

TEST_F(DetectRun, ProvenanceSaysHowItWasMade) {
  geo::GdalRaster raster = open(scene.raster());
  const auto model = codedModel(scene, "rscovlm_polygon", kSide);
  const DetectReport report = detect(raster, *model, options, {}, {});
  ModelInfo info = model->info();
  info.contentHash = "abc";
  info.adapters = {"ships"};
  const geo::Provenance provenance = provenanceOf(report, options, info, raster.name());
  EXPECT_EQ(provenance.model, "scripted");
  EXPECT_EQ(provenance.modelHash, "abc");
  EXPECT_EQ(provenance.adapter, "ships");
  EXPECT_THAT(provenance.prompt, HasSubstr("find the ship."));
  EXPECT_EQ(provenance.parameters.at("classes"), "ship");
  EXPECT_EQ(provenance.parameters.at("overlap"), "0.4");
  EXPECT_EQ(provenance.time.size(), 20U);
}

TEST_F(DetectRun, ProgressRunsToItsEnd) {
  geo::GdalRaster raster = open(scene.raster());
  const auto model = codedModel(scene, "rscovlm_polygon", kSide);
  std::vector<Progress> seen;
  DetectSink sink;
  sink.onProgress = [&](const Progress& progress) { seen.push_back(progress); };
  const DetectReport report = detect(raster, *model, options, sink, {});
  ASSERT_FALSE(seen.empty());
  EXPECT_EQ(seen.front().done, 0);
  EXPECT_EQ(seen.back().done, report.tilesTotal);
  EXPECT_EQ(seen.back().total, report.tilesTotal);
  EXPECT_EQ(seen.back().note, "12 found");
}

}  // namespace
}  // namespace orthoscribe::tasks
