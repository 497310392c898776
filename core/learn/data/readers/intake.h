// SPDX-License-Identifier: GPL-2.0-or-later
// What every reader does with a picture, a label or an entry that may be bad: it is told and passed over, or counted as good.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/smart_resize.h"
#include "core/learn/data/class_list.h"
#include "core/learn/data/record.h"
#include "core/learn/data/skip_report.h"

namespace orthoscribe::learn {

class Intake {
 public:
  // classes: empty for any. report: must live as long.
  Intake(std::vector<std::string> classes, SkipReport& report) : classes_(std::move(classes)), report_(report) {}

  const ClassList& classes() const { return classes_; }

  // Finds out the record's size; false when its picture is missing or cannot be read.
  bool picture(Record& record);
  // Adds the object, cut at the picture's border (and difficult, when less than 70 % of it is left); not one of an unknown class,
  // without area or outside the picture.
  void object(Record& record, LabelledShape shape, const std::string& where);
  // The same for a place that is meant by words.
  void phrase(Record& record, RecordPhrase phrase, const std::string& where);
  // After the labels of a picture: what has none of them shows nothing, unless labels were there that could not be read.
  void labelled(Record& record);
  // The name in the list of a class; nothing when it is not there.
  std::optional<std::string> className(const std::string& label, const std::string& where);
  // An entry that is not as it should be.
  void broken(const std::string& where, const std::string& what);
  void good() { report_.good(); }
  // Runs what reads one entry; an Error{InvalidInput} of it is told as a broken entry at `where`. True when there was none.
  bool attempt(const std::string& where, const std::function<void()>& read);

 private:
  bool place(const Record& record, geo::Quad& quad, const std::string& where);

  ClassList classes_;
  SkipReport& report_;
  std::filesystem::path lastPicture_;  // sets name a picture several times in a row
  PictureSize lastSize_;
  bool unreadLabels_ = false;  // since the last picture
};

}  // namespace orthoscribe::learn
