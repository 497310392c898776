// SPDX-License-Identifier: GPL-2.0-or-later
// A source of weights under other names: a family is written for one layout of names, files may hold another.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/model/weights/weight_source.h"

namespace orthoscribe::model {

class RenamedSource : public WeightSource {
 public:
  // prefixes: {as asked for, as stored}; the first that fits a name counts. Names that none fits stay as they are. Keeps a
  // reference to the source, which also words the errors, with the stored names.
  RenamedSource(WeightSource& source, std::vector<std::pair<std::string, std::string>> prefixes)
      : source_(source), prefixes_(std::move(prefixes)) {}

  torch::Tensor take(const std::string& name, c10::IntArrayRef shape, FreshValue fresh) override {
    return source_.take(stored(name), shape, fresh);
  }
  bool has(const std::string& name) const override { return source_.has(stored(name)); }

 private:
  std::string stored(const std::string& name) const {
    for (const auto& [asked, kept] : prefixes_) {
      if (name.starts_with(asked)) return kept + name.substr(asked.size());
    }
    return name;
  }

  WeightSource& source_;
  std::vector<std::pair<std::string, std::string>> prefixes_;
};

}  // namespace orthoscribe::model
