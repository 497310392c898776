// SPDX-License-Identifier: GPL-2.0-or-later
// orthoscribe merge: an adapter becomes part of a model's weights.
#include "core/model/adapters/merge.h"

#include <cstdio>
#include <memory>
#include <string>

#include "core/base/files.h"
#include "core/cli/command.h"

namespace orthoscribe::cli {
namespace {

struct Options {
  std::string model;
  std::string adapter;
  std::string out;
};

int merge(const Options& options) {
  const model::MergeReport report =
      model::mergeAdapter(findModelDirectory(options.model), findAdapterDirectory(options.adapter), options.out);
  std::printf("Merged into %d linears; %d files of weights are in %s\n", report.linears, report.files, options.out.c_str());
  return kDone;
}

}  // namespace

Run declareMerge(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  app.add_option("--model", options->model, "Folder of the model, or the name of an installed one")->required();
  app.add_option("--adapter", options->adapter, "Folder of the adapter, or the name of an installed one")->required();
  app.add_option("--out", options->out, "Folder for the merged model; must not exist")->required();
  app.footer("Adapters that choose among experts by the input cannot be merged; they are refused with the reason.");
  return [options] { return merge(*options); };
}

}  // namespace orthoscribe::cli
