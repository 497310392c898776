// SPDX-License-Identifier: GPL-2.0-or-later
// What a data set holds, counted sample by sample.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/base/cancel.h"
#include "core/base/progress.h"
#include "core/learn/data/record.h"

namespace orthoscribe::learn {

// Values counted by the bins of equal width that they fall in.
class Histogram {
 public:
  explicit Histogram(double binWidth) : binWidth_(binWidth) {}
  void add(double value);
  double binWidth() const { return binWidth_; }
  std::int64_t count() const { return count_; }
  // From the first bin that holds something to the last, with the empty ones between; bin i begins at firstBin() + i bin widths.
  std::vector<std::int64_t> bins() const;
  double begin() const;  // of the first bin
  double mean() const { return count_ > 0 ? sum_ / static_cast<double>(count_) : 0.0; }

 private:
  double binWidth_;
  std::map<std::int64_t, std::int64_t> bins_;
  std::int64_t count_ = 0;
  double sum_ = 0.0;
};

struct ClassCount {
  std::int64_t objects = 0;
  std::int64_t difficult = 0;  // among them
  std::int64_t pictures = 0;   // that hold at least one
};

// A picture to show, with what is known of it.
struct Specimen {
  std::filesystem::path image;
  std::vector<LabelledShape> objects;
  std::string text;  // caption, or question and answer; may be empty
  std::uint64_t rank = 0;
};

class DataStatistics {
 public:
  // specimens: pictures kept for each class, task or scene; which ones depends on their names alone.
  explicit DataStatistics(std::size_t specimensPerKind = 3) : specimensPerKind_(specimensPerKind) {}

  void add(const Record& record);
  std::int64_t samples() const { return samples_; }
  std::int64_t turns() const { return turns_; }
  const std::set<std::string>& pictures() const { return pictures_; }
  const std::set<std::string>& sources() const { return sources_; }
  const std::map<std::string, ClassCount>& classes() const { return classes_; }
  const std::map<std::string, std::int64_t>& scenes() const { return scenes_; }
  const std::map<std::string, std::int64_t>& tasks() const { return tasks_; }
  const std::map<std::string, std::int64_t>& questionTypes() const { return questionTypes_; }
  const std::map<std::string, std::int64_t>& pictureSizes() const { return pictureSizes_; }  // "512 x 512"
  const Histogram& boxSides() const { return boxSides_; }    // log2 of the root of the area in pixels
  const Histogram& boxAngles() const { return boxAngles_; }  // degrees, -90..90; of boxes that are not square
  const Histogram& captionWords() const { return captionWords_; }
  const Histogram& objectsPerPicture() const { return objectsPerPicture_; }
  // By kind, in order of their names.
  const std::map<std::string, std::vector<Specimen>>& specimens() const { return specimens_; }

 private:
  void addPicture(const std::string& image, const std::string& source, int width, int height,
                  const std::vector<LabelledShape>& objects);
  void addTurns(const Record& record);
  void addObject(const LabelledShape& object);
  void addCaption(const std::string& caption);
  void keep(const std::string& kind, Specimen specimen);

  std::size_t specimensPerKind_;
  std::int64_t samples_ = 0;
  std::int64_t turns_ = 0;
  std::set<std::string> pictures_;
  std::set<std::string> labelled_;  // pictures whose objects are counted
  std::set<std::string> sources_;
  std::map<std::string, ClassCount> classes_;
  std::map<std::string, std::int64_t> scenes_;
  std::map<std::string, std::int64_t> tasks_;
  std::map<std::string, std::int64_t> questionTypes_;
  std::map<std::string, std::int64_t> pictureSizes_;
  Histogram boxSides_{0.5};
  Histogram boxAngles_{10.0};
  Histogram captionWords_{5.0};
  Histogram objectsPerPicture_{5.0};
  std::map<std::string, std::vector<Specimen>> specimens_;
};

// Every record of a reader.
void addRecords(DataStatistics& statistics, RecordReader& reader, const ProgressCallback& progress, const CancelToken& cancel);

}  // namespace orthoscribe::learn
