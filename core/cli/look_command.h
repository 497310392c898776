// SPDX-License-Identifier: GPL-2.0-or-later
// What describe and ask share: an answer that is shown while it is written.
#pragma once

#include <functional>

#include "core/cli/raster_commands.h"
#include "core/tasks/describe.h"

namespace orthoscribe::cli {

struct LookArguments {
  RasterArguments raster;
  ModelArguments model;
  tasks::LookOptions look;  // area and dialect are those of raster and model
  bool routing = false;
  bool json = false;
};

void declareLook(CLI::App& app, LookArguments& arguments);
// --before RASTER: an earlier date of the same place.
CLI::Option* declareBefore(CLI::App& app, std::string& before);
// Opens it with the bands of the later one, and tells its warnings.
geo::GdalRaster openBefore(const LookArguments& arguments, const std::string& before);
// Throws Error{InvalidInput} when nothing is asked.
void refuseEmpty(const std::string& question);

using Look =
    std::function<tasks::LookReport(geo::RasterSource& raster, VisionLanguageModel& model, const tasks::LookOptions& options,
                                    const VisionLanguageModel::OnToken& onToken, const CancelToken& cancel)>;

// Returns the exit code.
int runLook(const LookArguments& arguments, const Look& look);

}  // namespace orthoscribe::cli
