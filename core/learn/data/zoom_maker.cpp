// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/zoom_maker.h"

#include <utility>

#include "core/base/make_folders.h"
#include "core/learn/data/processing/open_picture.h"
#include "core/tasks/task_prompts.h"

namespace orthoscribe::learn {
namespace {

namespace fs = std::filesystem;

constexpr int kJpegQuality = 92;

// As large as the model sees it, and never larger than it is.
PictureSize sizeToWrite(const geo::PixelRect& rect, const ResizeLimits& limits) {
  const auto width = static_cast<int>(rect.width);
  const auto height = static_cast<int>(rect.height);
  return rect.width * rect.height > limits.maxPixels ? smartResize(width, height, limits) : PictureSize{width, height};
}

class Maker {
 public:
  Maker(const Record& record, geo::RasterSource& picture, const tasks::Dialect& dialect, const ZoomMakerOptions& options,
        const fs::path& folder, const CancelToken& cancel)
      : record_(record), picture_(picture), dialect_(dialect), options_(options), folder_(folder), cancel_(cancel) {}

  int run(const std::function<void(const Conversation&)>& sink) {
    const geo::PixelRect whole{0, 0, picture_.width(), picture_.height()};
    size_ = sizeToWrite(whole, options_.limits);
    const bool large = whole.width * whole.height > options_.limits.maxPixels;
    std::string overview;
    int count = 0;
    for (const ZoomQuestion& question : zoomQuestions(record_, whole.width, whole.height, scaledOptions())) {
      if (question.crop && !large) continue;
      if (overview.empty()) overview = cut(whole, record_.image.stem().string());
      sink(question.crop ? zooming(question, overview, count) : plain(question, overview, count));
      ++count;
    }
    return count;
  }

 private:
  ZoomQuestionOptions scaledOptions() const {
    ZoomQuestionOptions scaled = options_.questions;
    const std::optional<double> resolution = picture_.groundResolutionM();
    if (options_.marginResolutionM > 0.0 && resolution && *resolution > 0.0)
      scaled.marginPx *= options_.marginResolutionM / *resolution;
    return scaled;
  }

  // Name of the picture that was written, relative to the folder.
  std::string cut(const geo::PixelRect& place, const std::string& name) const {
    const PictureSize size = sizeToWrite(place, options_.limits);
    const geo::RasterWindow window = picture_.read(place, size.width, size.height, cancel_);
    const std::string file = "images/" + name + ".jpg";
    writePicture(window.image, folder_ / file, kJpegQuality);
    return file;
  }

  Conversation begin(const ZoomQuestion& question, const std::string& overview, int number) const {
    Conversation conversation;
    conversation.id = record_.image.stem().string() + "#" + std::to_string(number);
    conversation.images = {overview};
    conversation.source = record_.source.empty() ? record_.image.filename().string() : record_.source;
    conversation.type = question.type;
    return conversation;
  }

  Conversation plain(const ZoomQuestion& question, const std::string& overview, int number) const {
    Conversation conversation = begin(question, overview, number);
    conversation.task = "vqa";
    conversation.turns = {{Role::User, std::string(kImageMarker) + question.question}, {Role::Assistant, question.answer}};
    return conversation;
  }

  Conversation zooming(const ZoomQuestion& question, const std::string& overview, int number) const {
    const tasks::ZoomTalk& talk = *dialect_.tasks().zoomTalk();
    Conversation conversation = begin(question, overview, number);
    conversation.task = "zoom";
    for (const Message& message : talk.open(question.question, {})) {
      const bool user = message.role == Role::User;
      conversation.turns.push_back({message.role, (user ? std::string(kImageMarker) : std::string()) + message.text});
    }
    conversation.turns.push_back(
        {Role::Assistant, talk.call(placeOf(*question.crop), dialect_.frameOf(size_.width, size_.height))});
    conversation.images.push_back(cut(*question.crop, record_.image.stem().string() + "__zoom__" + std::to_string(number)));
    conversation.turns.push_back({Role::User, std::string(kImageMarker) + talk.show({}).text});
    conversation.turns.push_back({Role::Assistant, question.answer});
    return conversation;
  }

  tasks::PicturePlace placeOf(const geo::PixelRect& crop) const {
    const double scaleX = static_cast<double>(size_.width) / static_cast<double>(picture_.width());
    const double scaleY = static_cast<double>(size_.height) / static_cast<double>(picture_.height());
    return {static_cast<double>(crop.column) * scaleX, static_cast<double>(crop.row) * scaleY,
            static_cast<double>(crop.column + crop.width) * scaleX, static_cast<double>(crop.row + crop.height) * scaleY};
  }

  const Record& record_;
  geo::RasterSource& picture_;
  const tasks::Dialect& dialect_;
  const ZoomMakerOptions& options_;
  const fs::path& folder_;
  const CancelToken& cancel_;
  PictureSize size_;  // of the whole as it is written
};

}  // namespace

int makeZoomConversations(const Record& record, geo::RasterSource& picture, const tasks::Dialect& dialect,
                          const ZoomMakerOptions& options, const fs::path& folder,
                          const std::function<void(const Conversation&)>& sink, const CancelToken& cancel) {
  tasks::requireTask(dialect, "ask to see a part of the picture closer",
                     [](const tasks::TaskPrompts& tasks) { return tasks.zoomTalk() != nullptr; });
  makeFolders(folder / "images");
  return Maker(record, picture, dialect, options, folder, cancel).run(sink);
}

}  // namespace orthoscribe::learn
