// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/convert/set_classes.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <set>

#include "core/learn/data/readers/readers.h"

namespace orthoscribe::learn {
namespace {

constexpr SkipLimit kAny = {.share = 1.0, .atLeast = std::numeric_limits<std::int64_t>::max()};

void append(std::vector<std::string>& names, const std::vector<std::string>& more) {
  for (const std::string& name : more) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
}

void addClassesOf(const SourceOptions& source, std::string_view format, const CancelToken& cancel, SetClasses& classes) {
  SkipReport unheard(kAny);
  const std::unique_ptr<RecordReader> reader = openSource(format, source, unheard);
  const std::vector<std::string> listed = source.classes.empty() ? reader->classes() : source.classes;
  std::set<std::string> objects;
  std::set<std::string> scenes;
  while (const std::optional<Record> record = reader->next()) {
    cancel.throwIfCancelled();
    if (!listed.empty()) {
      // The first record tells what the classes are of.
      if (record->objectsKnown) append(classes.objects, listed);
      if (!record->sceneClass.empty()) append(classes.scenes, listed);
      return;
    }
    for (const LabelledShape& shape : record->objects) objects.insert(shape.label);
    if (!record->sceneClass.empty()) scenes.insert(record->sceneClass);
  }
  append(classes.objects, {objects.begin(), objects.end()});
  append(classes.scenes, {scenes.begin(), scenes.end()});
}

}  // namespace

SetClasses classesOf(std::span<const SourceOptions> sources, std::string_view format, const CancelToken& cancel) {
  SetClasses classes;
  for (const SourceOptions& source : sources) addClassesOf(source, format, cancel, classes);
  return classes;
}

}  // namespace orthoscribe::learn
