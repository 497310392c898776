// SPDX-License-Identifier: GPL-2.0-or-later
// The classes of whole data sets, which prompts list.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/cancel.h"
#include "core/learn/data/readers/source_options.h"

namespace orthoscribe::learn {

struct SetClasses {
  std::vector<std::string> objects;
  std::vector<std::string> scenes;
};

// The classes that the options name, or the set itself lists; else all that its labels name, sorted, for which the set is read
// once. A class that several sources have counts once. Throws as openSource and its readers, but not for bad records;
// Error{Cancelled}.
SetClasses classesOf(std::span<const SourceOptions> sources, std::string_view format, const CancelToken& cancel);

}  // namespace orthoscribe::learn
