// SPDX-License-Identifier: GPL-2.0-or-later
// What a detections layer says of its origin.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/geo/layer_writer.h"

namespace orthoscribe::geo {

// One sentence for people.
std::string layerDescription(const Provenance& provenance, std::size_t count);

// Names and values for machines; what is unknown is left out. "parameters" is JSON.
std::vector<std::pair<std::string, std::string>> metadataItems(const Provenance& provenance);

// The same as layer metadata of QGIS, the contents of a .qmd file.
std::string qgisMetadata(const Provenance& provenance, const std::string& title, std::size_t count);

}  // namespace orthoscribe::geo
