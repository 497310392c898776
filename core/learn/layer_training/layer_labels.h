// SPDX-License-Identifier: GPL-2.0-or-later
// The polygons of a user's layer as labels: which class each is of, and what a person said of it.
#pragma once

#include <string>
#include <vector>

#include "core/geo/raster.h"

namespace orthoscribe::learn {

struct LayerLabel {
  std::vector<geo::Point> outline;  // pixels of the raster
  int objectClass = 0;              // index into kObjectClasses
  bool rejected = false;            // a person looked, and there is no such object
};

struct LabelSource {
  std::string path;         // any vector file that OGR reads; "FILE|NAME" or "FILE|layername=NAME" choose a layer
  std::string labelField;   // whose value names the class; empty: `label` for all
  std::string label;        // for all, or for those whose field is empty
  std::string asClass;      // the class of the model that stands for all labels; empty: the labels name it themselves
  std::string statusField;  // "accepted", "corrected" (its shape is right now), "rejected"; empty or null: accepted
};

// Throws what geo::layerPolygonsOnRaster throws; Error{InvalidInput} when no class is said, for a label that is none of the
// model's classes (listing them), and for a status of another name.
std::vector<LayerLabel> readLayerLabels(const LabelSource& source, const geo::RasterSource& raster);

}  // namespace orthoscribe::learn
