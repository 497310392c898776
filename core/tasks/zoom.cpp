// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/tasks/zoom.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/tasks/answer_end.h"
#include "core/tasks/answer_gate.h"
#include "core/tasks/picture.h"
#include "core/tasks/task_prompts.h"
#include "core/tasks/window_plan.h"

namespace orthoscribe::tasks {
namespace {

// Nothing when the question is to be asked about the overview alone.
const ZoomTalk* talkFor(const geo::PixelRect& area, const ModelInfo& info, const LookOptions& options, ZoomMode mode) {
  if (mode == ZoomMode::Off) return nullptr;
  const Dialect& dialect =
      mode == ZoomMode::On && options.dialect.empty() ? dialectFor(info) : dialectToAsk(info, options.dialect);
  if (mode == ZoomMode::On) {
    requireTask(dialect, "ask to see a part of the picture closer",
                [](const TaskPrompts& tasks) { return tasks.zoomTalk() != nullptr; });
    return dialect.tasks().zoomTalk();
  }
  // A model of unknown family is asked plainly.
  if (options.dialect.empty() && findDialectFor(info) == nullptr) return nullptr;
  return std::max(area.width, area.height) > pictureSidePx(options, dialect, info) ? dialect.tasks().zoomTalk() : nullptr;
}

class Chain {
 public:
  Chain(geo::RasterSource& raster, VisionLanguageModel& model, const LookOptions& options, const ZoomOptions& zoom,
        const ZoomTalk& talk, const VisionLanguageModel::OnToken& onToken, const CancelToken& cancel)
      : raster_(raster),
        model_(model),
        options_(options),
        zoom_(zoom),
        talk_(talk),
        onToken_(onToken),
        cancel_(cancel),
        info_(model.info()),
        dialect_(dialectToAsk(info_, options.dialect)),
        sidePx_(pictureSidePx(options, dialect_, info_)) {}

  LookReport run(const std::string& question) {
    report_.area = areaOnRaster(raster_, options_.area);
    RgbImage overview = pictureOf(raster_, report_.area, sidePx_, cancel_).image;
    report_.pictureWidth = overview.width;
    report_.pictureHeight = overview.height;
    frame_ = dialect_.frameFor(overview.width, overview.height, info_);
    messages_ = talk_.open(question, overview);
    if (converse()) return std::move(report_);
    // As the reference does when anything goes wrong: the whole picture has to do.
    messages_ = dialect_.askMessages(question, std::move(overview));
    report_.text = turn(onToken_);
    return std::move(report_);
  }

 private:
  // Returns false when no answer came of it.
  bool converse() {
    int retries = 0;
    bool toldToAnswer = false;
    while (true) {
      AnswerGate gate(onToken_);
      std::string said = turn([&gate](const GeneratedToken& token) { gate.take(token); });
      const ZoomRequest request = talk_.read(said, frame_);
      if (!request.made || report_.cancelled) {
        if (!request.made) {
          gate.open();
          report_.text = std::move(said);
        }
        return true;
      }
      addAssistant(std::move(said));
      if (static_cast<int>(report_.steps.size()) >= zoom_.maxSteps) {
        if (toldToAnswer) return giveUp("the model asked for more than " + std::to_string(zoom_.maxSteps) + " places");
        toldToAnswer = true;
        messages_.push_back(talk_.askToAnswer());
      } else if (std::optional<RgbImage> part = request.place ? show(*request.place) : std::nullopt) {
        messages_.push_back(talk_.show(std::move(*part)));
      } else {
        if (retries++ >= zoom_.maxRetries) return giveUp("the model asked for a place that is not in the picture");
        messages_.push_back(talk_.askAgain(frame_));
      }
    }
  }

  std::string turn(const VisionLanguageModel::OnToken& onToken) {
    Reply reply = model_.chat(messages_, generationOf(options_), onToken, cancel_);
    report_.usage.promptTokens += reply.usage.promptTokens;
    report_.usage.completionTokens += reply.usage.completionTokens;
    report_.cancelled = reply.stopReason == StopReason::Cancelled;
    warnOfRepetition(reply, report_.warnings);
    return std::move(reply.text);
  }

  void addAssistant(std::string text) {
    Message message;
    message.role = Role::Assistant;
    message.text = std::move(text);
    messages_.push_back(std::move(message));
  }

  bool giveUp(const std::string& why) {
    report_.warnings.push_back(why + ": the answer comes from the overview");
    return false;
  }

  // Whole raster pixels, at most half a one from where the model put the place.
  geo::PixelRect pixelsOf(const PicturePlace& place) const {
    const geo::PixelRect& area = report_.area;
    const auto edge = [](double position, double side, std::int64_t length) {
      return std::clamp<std::int64_t>(std::llround(position / side * double(length)), 0, length);
    };
    const std::int64_t left = std::min(edge(place.left, frame_.width, area.width), area.width - 1);
    const std::int64_t top = std::min(edge(place.top, frame_.height, area.height), area.height - 1);
    const std::int64_t right = std::max(left + 1, edge(place.right, frame_.width, area.width));
    const std::int64_t bottom = std::max(top + 1, edge(place.bottom, frame_.height, area.height));
    return {area.column + left, area.row + top, right - left, bottom - top};
  }

  // Nothing when the place holds no data. As many pixels as the model takes in one picture, whatever its shape; else shrunk.
  std::optional<RgbImage> show(const PicturePlace& place) {
    ZoomStep step;
    step.source = pixelsOf(place);
    const auto width = double(step.source.width);
    const auto height = double(step.source.height);
    const double scale = std::min(1.0, sidePx_ / std::sqrt(width * height));
    step.pictureWidth = std::max(1, static_cast<int>(std::lround(width * scale)));
    step.pictureHeight = std::max(1, static_cast<int>(std::lround(height * scale)));
    geo::RasterWindow window = raster_.read(step.source, step.pictureWidth, step.pictureHeight, cancel_);
    if (!(window.validShare > 0.0)) return std::nullopt;
    const geo::Geotransform toMap = raster_.geotransform();
    const auto left = double(step.source.column);
    const auto top = double(step.source.row);
    step.map = {toMap.toMap({left, top}), toMap.toMap({left + width, top}), toMap.toMap({left + width, top + height}),
                toMap.toMap({left, top + height})};
    report_.steps.push_back(step);
    if (zoom_.onStep) zoom_.onStep(step);
    return std::move(window.image);
  }

  geo::RasterSource& raster_;
  VisionLanguageModel& model_;
  const LookOptions& options_;
  const ZoomOptions& zoom_;
  const ZoomTalk& talk_;
  const VisionLanguageModel::OnToken& onToken_;
  const CancelToken& cancel_;
  const ModelInfo info_;
  const Dialect& dialect_;
  const int sidePx_;
  PictureFrame frame_;
  std::vector<Message> messages_;
  LookReport report_;
};

}  // namespace

LookReport askZooming(geo::RasterSource& raster, VisionLanguageModel& model, const std::string& question,
                      const LookOptions& options, const ZoomOptions& zoom, const VisionLanguageModel::OnToken& onToken,
                      const CancelToken& cancel) {
  const bool asked = question.find_first_not_of(" \t\r\n") != std::string::npos;
  const ZoomTalk* talk =
      asked ? talkFor(areaOnRaster(raster, options.area), model.info(), options, zoom.mode) : nullptr;  // else ask refuses
  if (talk == nullptr) return ask(raster, model, question, options, onToken, cancel);
  return Chain(raster, model, options, zoom, *talk, onToken, cancel).run(question);
}

}  // namespace orthoscribe::tasks
