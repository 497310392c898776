// SPDX-License-Identifier: GPL-2.0-or-later
// describe, ask and detect as users and scripts call them: results, exit codes, messages.
#include <gdal_priv.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <ogrsf_frmts.h>

#include <atomic>
#include <csignal>
#include <fstream>
#include <mutex>
#include <nlohmann/json.hpp>

#include "core/base/files.h"
#include "tests/unit/tasks/coded_scene.h"
#include "tests/unit/tasks/command_line.h"

namespace orthoscribe::tasks {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
namespace fs = std::filesystem;

// Finds what the scene holds, says "A harbour." to everything else; can be slow, and can go away.
class HarbourModel final : public VisionLanguageModel {
 public:
  explicit HarbourModel(CodedScene scene) : scene_(std::move(scene)) {}

  Reply chat(const std::vector<Message>& messages, const GenerationOptions& options, const OnToken& onToken,
             const CancelToken& cancel) override {
    ++calls;
    if (onCall) onCall(calls);
    Reply reply;
    for (auto waited = std::chrono::milliseconds(0); waited < delay; waited += std::chrono::milliseconds(5)) {
      if (cancel.cancelled()) {
        reply.stopReason = StopReason::Cancelled;
        return reply;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    const bool detecting = messages.back().text.find("Detect:") != std::string::npos;
    reply.text = detecting ? answerFromPicture(scene_, "starter", messages) : "A harbour.";
    GeneratedToken token{.text = reply.text, .logProbability = -0.5, .alternatives = {}};
    if (onToken) onToken(token);
    if (options.logProbabilities) reply.tokens.push_back(std::move(token));
    reply.usage = {.promptTokens = 5, .completionTokens = 3};
    return reply;
  }
  ModelInfo info() override { return codedModelInfo("starter", 128); }

  std::atomic<int> calls{0};
  std::chrono::milliseconds delay{0};
  std::function<void(int call)> onCall;

 private:
  CodedScene scene_;
};

class CommandLine : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(ORTHOSCRIBE_PROGRAM)) GTEST_SKIP() << "no program at " << ORTHOSCRIBE_PROGRAM;
    scene.raster().write(at("scene.tif"));
  }
  static CodedScene fourShips() {
    CodedScene made;
    made.shapes = {{"ship", {{50, 50}, 24, 12, 0}},
                   {"ship", {{240, 50}, 24, 12, -90}},
                   {"ship", {{50, 200}, 20, 12, 0}},
                   {"car", {{200, 200}, 20, 10, 0}}};
    return made;
  }
  fs::path at(const std::string& name) const { return folder.path() / name; }
  tests::Ended run(std::vector<std::string> arguments) { return tests::runProgram(folder.path(), arguments); }
  // With the model of this test.
  tests::Ended ask(std::vector<std::string> arguments) {
    if (!server) server = std::make_unique<tests::ServedModel>(model);
    arguments.insert(arguments.end(), {"--endpoint", server->url()});
    return run(arguments);
  }
  static std::size_t featuresOf(const fs::path& path) {
    GDALAllRegister();
    GDALDatasetUniquePtr layer(GDALDataset::Open(path.c_str(), GDAL_OF_VECTOR));
    return layer ? static_cast<std::size_t>(layer->GetLayer(0)->GetFeatureCount()) : 9999U;
  }

  TemporaryDirectory folder;
  CodedScene scene = fourShips();
  HarbourModel model{scene};
  std::unique_ptr<tests::ServedModel> server;
};

TEST_F(CommandLine, DescribeAndAskPrintTheAnswer) {
  const tests::Ended described = ask({"describe", "scene.tif"});
  EXPECT_EQ(described.status, 0) << described.notes;
  EXPECT_EQ(described.output, "A harbour.\n");
  const tests::Ended asked =
      ask({"ask", "scene.tif", "Is there water?", "--json", "--bbox", "500020", "3999950", "500070", "3999980"});
  EXPECT_EQ(asked.status, 0) << asked.notes;
  const auto json = nlohmann::json::parse(asked.output);
  EXPECT_EQ(json.at("text"), "A harbour.");
  EXPECT_EQ(json.at("area_px"), (nlohmann::json{40, 40, 100, 60}));
  EXPECT_EQ(json.at("picture_px"), (nlohmann::json{100, 60}));
}

TEST_F(CommandLine, DetectWritesALayerWhereTheObjectsAre) {
  const tests::Ended ran = ask({"detect", "scene.tif", "--classes", "ship,car", "-o", "found.gpkg", "--stats"});
  EXPECT_EQ(ran.status, 0) << ran.notes;
  EXPECT_THAT(ran.output, AllOf(HasSubstr("4 objects (car 1, ship 3)"), HasSubstr("found.gpkg"), HasSubstr("peak memory")));
  GDALAllRegister();
  GDALDatasetUniquePtr written(GDALDataset::Open(at("found.gpkg").c_str(), GDAL_OF_VECTOR));
  ASSERT_TRUE(written);
  ASSERT_EQ(written->GetLayer(0)->GetFeatureCount(), 4);
  int cars = 0;
  for (const auto& feature : written->GetLayer(0)) {
    EXPECT_NEAR(feature->GetFieldAsDouble("score"), std::exp(-0.5), 1e-6);
    if (feature->GetFieldAsString("label") != std::string("car")) continue;
    ++cars;
    OGREnvelope bounds;
    feature->GetGeometryRef()->getEnvelope(&bounds);
    // Half a metre a pixel from 500000, 4000000; within half a pixel.
    EXPECT_NEAR(bounds.MinX, 500000 + 190 * 0.5, 0.25);
    EXPECT_NEAR(bounds.MaxX, 500000 + 210 * 0.5, 0.25);
    EXPECT_NEAR(bounds.MinY, 4000000 - 205 * 0.5, 0.25);
    EXPECT_NEAR(bounds.MaxY, 4000000 - 195 * 0.5, 0.25);
  }
  EXPECT_EQ(cars, 1);
}

TEST_F(CommandLine, DetectNamesItsOutputAfterTheRasterAndSpeaksJson) {
  const tests::Ended ran = ask({"detect", "scene.tif", "--class", "ship", "--class", "car", "--json", "--stats"});
  EXPECT_EQ(ran.status, 0) << ran.notes;
  const auto json = nlohmann::json::parse(ran.output);
  EXPECT_EQ(json.at("output"), "scene_detections.gpkg");
  EXPECT_EQ(json.at("count"), 4);
  EXPECT_EQ(json.at("classes").at("ship"), 3);
  EXPECT_TRUE(json.at("complete"));
  EXPECT_GT(json.at("statistics").at("peak_memory_mb"), 0.0);
  EXPECT_EQ(featuresOf(at("scene_detections.gpkg")), 4U);
}

TEST_F(CommandLine, UsageMistakesExitWithTwo) {
  EXPECT_EQ(run({}).status, 2);
  EXPECT_EQ(run({"detect", "scene.tif"}).status, 2);
  EXPECT_EQ(run({"detect", "--classes", "ship"}).status, 2);
  EXPECT_EQ(run({"ask", "scene.tif"}).status, 2);
  EXPECT_EQ(run({"describe", "scene.tif", "--bbox", "1", "2"}).status, 2);
  EXPECT_EQ(run({"describe", "scene.tif", "--endpoint", "http://localhost:1", "--device", "cpu"}).status, 2);
  EXPECT_EQ(run({"describe", "--help"}).status, 0);
}

TEST_F(CommandLine, BadRastersAndAreasExitWithOneLineThatSaysWhy) {
  std::ofstream(at("text.tif")) << "this is no raster";
  struct Case {
    std::vector<std::string> arguments;
    const char* words;
  };
  for (const Case& bad :
       {Case{{"describe", "missing.tif"}, "missing.tif"}, Case{{"describe", "text.tif"}, "text.tif"},
        Case{{"detect", "scene.tif", "--classes", ""}, "no class"}, Case{{"detect", "scene.tif", "--classes", " , "}, "no class"},
        Case{{"describe", "scene.tif", "--bbox", "0", "0", "10", "10"}, "scene.tif"},
        Case{{"describe", "scene.tif", "--bbox", "9", "0", "3", "10"}, "no area"},
        Case{{"describe", "scene.tif", "--bands", "7"}, "7"}, Case{{"ask", "scene.tif", " "}, "question is empty"},
        Case{{"detect", "scene.tif", "--classes", "ship", "-o", "found.doc"}, ".gpkg"}}) {
    const tests::Ended ran = ask(bad.arguments);
    EXPECT_EQ(ran.status, 1) << bad.words;
    EXPECT_THAT(ran.notes, AllOf(HasSubstr("orthoscribe: "), HasSubstr(bad.words)));
    EXPECT_EQ(std::count(ran.notes.begin(), ran.notes.end(), '\n'), 1) << ran.notes;
  }
  EXPECT_EQ(model.calls, 0);
}

TEST_F(CommandLine, TruncatedRasterFailsPolitely) {
  const fs::path path = fs::path(ORTHOSCRIBE_SHARED_DIR) / "data/georasters/truncated.tif";
  if (!fs::exists(path)) GTEST_SKIP() << "no " << path;
  const tests::Ended ran = ask({"describe", path.string()});
  EXPECT_EQ(ran.status, 1) << ran.output;
  EXPECT_THAT(ran.notes, HasSubstr("truncated.tif"));
}

TEST_F(CommandLine, RasterWithoutCrsIsWorkedOnInPixelsAndSaysSo) {
  geo::MadeRaster made = scene.raster();
  made.transform.reset();
  made.crs.clear();
  made.write(at("bare.tif"));
  const tests::Ended ran = ask({"detect", "bare.tif", "--classes", "ship", "-o", "found.geojson"});
  EXPECT_EQ(ran.status, 0) << ran.notes;
  EXPECT_THAT(ran.notes, HasSubstr("pixels"));
  EXPECT_EQ(featuresOf(at("found.geojson")), 3U);
}

TEST_F(CommandLine, AreaWithoutDataIsNotShownToTheModel) {
  geo::MadeRaster made = scene.raster();
  made.masked = [](int, int) { return true; };
  made.write(at("empty.tif"));
  const tests::Ended described = ask({"describe", "empty.tif"});
  EXPECT_EQ(described.status, 1);
  EXPECT_THAT(described.notes, HasSubstr("no data"));
  const tests::Ended detected = ask({"detect", "empty.tif", "--classes", "ship", "-o", "found.gpkg"});
  EXPECT_EQ(detected.status, 0);
  EXPECT_THAT(detected.notes, HasSubstr("no window holds data"));
  EXPECT_EQ(featuresOf(at("found.gpkg")), 0U);
  EXPECT_EQ(model.calls, 0);
}

TEST_F(CommandLine, OutputThatCannotBeWrittenIsKeptElsewhere) {
  const tests::Ended ran = ask({"detect", "scene.tif", "--classes", "ship", "-o", "no/such/folder/found.gpkg", "--json"});
  EXPECT_EQ(ran.status, 1);
  const auto json = nlohmann::json::parse(ran.output);
  EXPECT_TRUE(json.at("output_kept_elsewhere"));
  const std::string kept = json.at("output");
  EXPECT_EQ(featuresOf(kept), 3U) << kept;
  EXPECT_THAT(ran.notes, AllOf(HasSubstr("no/such/folder/found.gpkg"), HasSubstr(kept)));
  fs::remove(kept);
}

TEST_F(CommandLine, InterruptKeepsWhatWasFound) {
  model.delay = std::chrono::milliseconds(150);
  server = std::make_unique<tests::ServedModel>(model);
  const auto program = tests::startProgram(
      folder.path(), {"detect", "scene.tif", "--classes", "ship", "-o", "found.gpkg", "--endpoint", server->url()});
  for (int i = 0; i < 2000 && model.calls < 3; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  program->signal(SIGINT);
  const tests::Ended ran = tests::ended(*program, folder.path());
  EXPECT_EQ(ran.status, 130) << ran.notes;
  EXPECT_THAT(ran.notes, AllOf(HasSubstr("cancelled"), HasSubstr("found.gpkg")));
  EXPECT_LT(model.calls, 9);
  EXPECT_GE(featuresOf(at("found.gpkg")), 1U);
  EXPECT_LE(featuresOf(at("found.gpkg")), 3U);
}

TEST_F(CommandLine, ServerThatGoesAwayInMidRunLeavesWhatWasFound) {
  server = std::make_unique<tests::ServedModel>(model);
  std::thread killer;
  model.onCall = [&](int call) {
    if (call == 3) killer = std::thread([this] { server->end(); });
  };
  model.delay = std::chrono::milliseconds(100);
  const tests::Ended ran = run({"detect", "scene.tif", "--classes", "ship", "-o", "found.gpkg", "--endpoint", server->url()});
  if (killer.joinable()) killer.join();
  EXPECT_EQ(ran.status, 1) << ran.notes;
  EXPECT_THAT(ran.notes, AllOf(HasSubstr("ended early"), HasSubstr("found.gpkg")));
  EXPECT_GE(featuresOf(at("found.gpkg")), 1U);
  EXPECT_LE(featuresOf(at("found.gpkg")), 3U);
}

TEST_F(CommandLine, ServerThatIsNotThereIsNamed) {
  const tests::Ended ran = run({"describe", "scene.tif", "--endpoint", "http://127.0.0.1:9"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.notes, HasSubstr("127.0.0.1:9"));
}

// Folders of models that are not what they say.
TEST_F(CommandLine, BadModelFoldersAreRefusedBeforeAnythingIsAsked) {
  const fs::path fixtures = fs::path(ORTHOSCRIBE_SHARED_DIR) / "parity/public";
  if (!fs::exists(fixtures)) GTEST_SKIP() << "no " << fixtures;
  fs::create_directory(at("martian"));
  std::ofstream(at("martian") / "config.json") << R"({"model_type": "martian", "architectures": ["MartianModel"]})";
  const tests::Ended unknown = run({"describe", "scene.tif", "--model", "martian"});
  EXPECT_EQ(unknown.status, 1);
  EXPECT_THAT(unknown.notes, AllOf(HasSubstr("martian"), HasSubstr("internvl_chat")));

  fs::copy(fixtures / "internvl_chat_tiny_phi3", at("lying"), fs::copy_options::recursive);
  fs::permissions(at("lying") / "model.safetensors", fs::perms::owner_write, fs::perm_options::add);
  {
    // The header is said to be longer than the file.
    std::fstream file(at("lying") / "model.safetensors", std::ios::in | std::ios::out | std::ios::binary);
    file.write("\xFF\xFF\xFF\x7F\0\0\0\0", 8);
  }
  const tests::Ended lying = run({"describe", "scene.tif", "--model", "lying"});
  EXPECT_EQ(lying.status, 1);
  EXPECT_THAT(lying.notes, HasSubstr("model.safetensors"));

  fs::copy(fixtures / "internvl_chat_tiny_qwen2", at("half"), fs::copy_options::recursive);
  std::string shard;
  for (const auto& entry : fs::directory_iterator(at("half"))) {
    if (entry.path().filename().string().starts_with("model-00002")) shard = entry.path().filename().string();
  }
  ASSERT_FALSE(shard.empty());
  fs::remove(at("half") / shard);
  const tests::Ended half = run({"describe", "scene.tif", "--model", "half"});
  EXPECT_EQ(half.status, 1);
  EXPECT_THAT(half.notes, HasSubstr(shard));
  EXPECT_EQ(run({"describe", "scene.tif", "--model", "no such model"}).status, 1);
}

// The engine in process, with weights that know nothing: the whole way, not its result.
TEST_F(CommandLine, ModelFolderIsRunInProcess) {
  const fs::path folderOfModel = fs::path(ORTHOSCRIBE_SHARED_DIR) / "parity/public/internvl_chat_tiny_qwen2";
  if (!fs::exists(folderOfModel)) GTEST_SKIP() << "no " << folderOfModel;
  const tests::Ended described = run({"describe", "scene.tif", "--model", folderOfModel.string(), "--max-tokens", "8", "--json"});
  EXPECT_EQ(described.status, 0) << described.notes;
  EXPECT_EQ(nlohmann::json::parse(described.output).at("tokens").at("completion"), 8);
  const tests::Ended detected = run({"detect", "scene.tif", "--model", folderOfModel.string(), "--classes", "ship",
                                     "--max-tokens", "8", "--overlap", "0", "--stats", "--json"});
  EXPECT_EQ(detected.status, 0) << detected.notes;
  const auto json = nlohmann::json::parse(detected.output);
  EXPECT_EQ(json.at("windows").at("asked"), json.at("windows").at("total"));
  EXPECT_GT(json.at("statistics").at("model_share"), 0.0);
}

}  // namespace
}  // namespace orthoscribe::tasks
