// SPDX-License-Identifier: GPL-2.0-or-later
// Where results are kept. Main thread.
#pragma once

#include <QString>

namespace orthoscribe::plugin {

// The folder of the options; else that of the project, when it is saved; else one in the user's profile. It exists afterwards, if
// it can be made.
QString resultFolder();

// A file in `folder` named after the raster that does not exist yet: "harbour_detections.gpkg", "harbour_detections_2.gpkg".
QString freeResultFile(const QString& folder, const QString& rasterName, const QString& extension);

}  // namespace orthoscribe::plugin
