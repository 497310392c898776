// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/tasks/detect.h"

#include <algorithm>
#include <map>
#include <utility>

#include "core/base/error.h"
#include "core/tasks/box_placement.h"
#include "core/tasks/dialect.h"
#include "core/tasks/dialects/grammar.h"
#include "core/tasks/growing_answer.h"
#include "core/tasks/seam_merger.h"
#include "core/tasks/window_plan.h"
#include "core/tasks/window_reader.h"

namespace orthoscribe::tasks {
namespace {

std::vector<std::string> namedClasses(const std::vector<std::string>& classes) {
  std::vector<std::string> result;
  for (const std::string& name : classes) {
    std::string clean(trimmed(name));
    if (!clean.empty() && std::find(result.begin(), result.end(), clean) == result.end()) result.push_back(std::move(clean));
  }
  if (result.empty()) {
    throw Error(ErrorCode::InvalidInput, "no class was named", "name what to look for, for example airplane,ship");
  }
  return result;
}

std::vector<std::vector<std::string>> requestsFor(const std::vector<std::string>& classes, int classesPerRequest) {
  if (classesPerRequest <= 0) return {classes};
  std::vector<std::vector<std::string>> requests;
  const auto size = static_cast<std::size_t>(classesPerRequest);
  for (std::size_t at = 0; at < classes.size(); at += size) {
    const auto begin = classes.begin() + static_cast<std::ptrdiff_t>(at);
    requests.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(std::min(size, classes.size() - at)));
  }
  return requests;
}

// Share of the window's pixels that hold data, of those that lie on the raster at all.
double validShare(const geo::RasterWindow& window, const geo::RasterSource& raster) {
  const geo::PixelRect& source = window.source;
  const auto overlap = [](std::int64_t begin, std::int64_t length, std::int64_t limit) {
    return double(std::max<std::int64_t>(0, std::min(begin + length, limit) - std::max<std::int64_t>(begin, 0)));
  };
  const double onRaster =
      overlap(source.column, source.width, raster.width()) * overlap(source.row, source.height, raster.height());
  const double all = double(source.width) * double(source.height);
  return onRaster > 0.0 ? window.validShare * all / onRaster : 0.0;
}

std::string promptOf(const std::vector<Message>& messages) {
  std::string text;
  for (const Message& message : messages) text += (text.empty() ? "" : "\n") + message.text;
  return text;
}

class Run {
 public:
  Run(geo::RasterSource& raster, VisionLanguageModel& model, const DetectOptions& options, const DetectSink& sink,
      const CancelToken& cancel)
      : raster_(raster),
        model_(model),
        options_(options),
        sink_(sink),
        cancel_(cancel),
        classes_(namedClasses(options.classes)),
        info_(model.info()),
        dialect_(options.dialect.empty() ? dialectFor(info_) : dialectNamed(options.dialect)),
        requests_(requestsFor(classes_, dialect_.classesPerRequest())),
        plan_(planWindows(raster, info_, options)),
        placement_(raster, plan_.area, options.polygons),
        merger_(options.mergeIou, plan_.tiles.empty() ? 1.0 : double(plan_.tiles.front().source.width)) {}

  DetectReport execute() {
    begin();
    try {
      WindowReader reader(raster_, plan_.tiles, plan_.imageSidePx, cancel_);
      while (std::optional<WindowReader::Item> item = reader.next()) {
        work(*item);
        ++done_;
        progress();
        if (cancel_.cancelled()) break;
      }
    } catch (const Error& error) {
      if (error.code() != ErrorCode::Cancelled) throw;
      report_.cancelled = true;
    }
    if (cancel_.cancelled()) report_.cancelled = true;
    finish();
    return std::move(report_);
  }

 private:
  void begin() {
    report_.tilesTotal = static_cast<int>(plan_.tiles.size());
    report_.gsdM = plan_.gsdM;
    report_.imageSidePx = plan_.imageSidePx;
    report_.dialect = dialect_.name();
    report_.warnings = plan_.warnings;
    report_.prompt = promptOf(dialect_.detectMessages(requests_.front(), {}));
    if (!info_.classes.empty()) {
      for (const std::string& name : classes_) {
        const std::string known = resolveLabel(name, info_.classes);
        if (std::find(info_.classes.begin(), info_.classes.end(), known) == info_.classes.end()) {
          report_.warnings.push_back("the model was not trained to find '" + name + "', but " + joined(info_.classes, ", "));
        }
      }
    }
    if (sink_.onBegin) sink_.onBegin(report_);
    progress();
  }

  void work(WindowReader::Item& item) {
    if (item.failure) return countFailure(item.failure);
    if (item.window.validShare <= 0.0 || validShare(item.window, raster_) < options_.minValidShare) {
      ++report_.tilesEmpty;
      return;
    }
    ++report_.tilesAsked;
    std::vector<geo::Detection> found;
    try {
      for (const std::vector<std::string>& classes : requests_) {
        askFor(classes, item, found);
        if (cancel_.cancelled()) break;
      }
    } catch (...) {
      // What the model said before it failed is kept, though the work ends.
      give(std::move(found));
      throw;
    }
    give(std::move(found));
  }

  void countFailure(const std::exception_ptr& failure) {
    try {
      std::rethrow_exception(failure);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::Io) throw;
      ++report_.tilesFailed;
      if (!firstFailure_) firstFailure_ = error;
    }
  }

  // Appends to `found` also when it throws.
  void askFor(const std::vector<std::string>& classes, const WindowReader::Item& item, std::vector<geo::Detection>& found) {
    const RgbImage& image = item.window.image;
    const PictureFrame frame = frameFor(dialect_, info_, image.width, image.height);
    GrowingAnswer answer(dialect_, frame, classes);
    GenerationOptions generation;
    generation.maxNewTokens = options_.maxNewTokens;
    generation.logProbabilities = true;
    const auto onToken = [&](const GeneratedToken& token) {
      const std::size_t before = inAnswer_;
      inAnswer_ = found.size() + answer.add(token.text);
      if (inAnswer_ != before) progress();
    };
    Reply reply;
    try {
      reply = model_.chat(dialect_.detectMessages(classes, image), generation, onToken, cancel_);
    } catch (...) {
      collect(answer.finished(), {}, item.tile, frame, found);
      throw;
    }
    if (reply.stopReason == StopReason::Length) ++report_.truncatedAnswers;
    const bool whole = reply.stopReason != StopReason::Cancelled;
    collect(dialect_.parse(reply.text, frame, classes, whole), reply.tokens, item.tile, frame, found);
  }

  void collect(const ParsedAnswer& answer, const std::vector<GeneratedToken>& tokens, const geo::Tile& tile,
               const PictureFrame& frame, std::vector<geo::Detection>& found) {
    report_.dropped += answer.dropped;
    for (const SpokenBox& box : answer.boxes) {
      if (std::find(classes_.begin(), classes_.end(), box.label) == classes_.end()) {
        ++unasked_[box.label];
        ++report_.dropped;
        continue;
      }
      const std::optional<double> score = meanProbability(tokens, box.textBegin, box.textEnd);
      if (score && *score < options_.minScore) continue;
      if (std::optional<geo::Detection> detection = placement_.place(box, tile, frame, score)) {
        found.push_back(std::move(*detection));
      }
    }
  }

  void give(std::vector<geo::Detection> found) {
    inAnswer_ = 0;
    const SeamMerger::Merged merged = merger_.add(std::move(found));
    if (sink_.onTile) sink_.onTile(merged.found, merged.replaced);
  }

  void progress() const {
    if (!sink_.onProgress) return;
    sink_.onProgress({done_, report_.tilesTotal, "tiles", std::to_string(merger_.count() + inAnswer_) + " found"});
  }

  void finish() {
    report_.detections = merger_.take();
    auto& warnings = report_.warnings;
    if (firstFailure_) {
      if (report_.tilesFailed == report_.tilesTotal) throw *firstFailure_;
      warnings.push_back(std::to_string(report_.tilesFailed) + " of " + std::to_string(report_.tilesTotal) +
                         " windows could not be read: " + firstFailure_->what());
    }
    if (!report_.cancelled && report_.tilesAsked == 0) warnings.push_back("no window holds data: the model was not asked");
    if (report_.truncatedAnswers > 0) {
      warnings.push_back(std::to_string(report_.truncatedAnswers) + " answers reached the limit of " +
                         std::to_string(options_.maxNewTokens) + " tokens: objects may be missing");
    }
    for (const auto& [label, count] : unasked_) {
      warnings.push_back("the model named " + std::to_string(count) + " boxes '" + label +
                         "', which was not asked for: left out");
    }
  }

  geo::RasterSource& raster_;
  VisionLanguageModel& model_;
  const DetectOptions& options_;
  const DetectSink& sink_;
  const CancelToken& cancel_;
  const std::vector<std::string> classes_;
  const ModelInfo info_;
  const Dialect& dialect_;
  const std::vector<std::vector<std::string>> requests_;
  const WindowPlan plan_;
  const BoxPlacement placement_;
  SeamMerger merger_;

  DetectReport report_;
  std::int64_t done_ = 0;
  std::size_t inAnswer_ = 0;  // objects of the window at work that are not merged yet
  std::optional<Error> firstFailure_;
  std::map<std::string, int> unasked_;
};

}  // namespace

DetectReport detect(geo::RasterSource& raster, VisionLanguageModel& model, const DetectOptions& options, const DetectSink& sink,
                    const CancelToken& cancel) {
  return Run(raster, model, options, sink, cancel).execute();
}

}  // namespace orthoscribe::tasks
