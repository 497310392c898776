// SPDX-License-Identifier: GPL-2.0-or-later
// Detections as a layer in QGIS: fields (DESIGN, "Detections layer"), features, style, metadata and its place among the layers.
#pragma once

#include <qgsfeature.h>
#include <qgsfields.h>
#include <qgslayermetadata.h>

#include <QStringList>
#include <memory>

#include "core/geo/detection.h"
#include "core/geo/layer_writer.h"

class QgsCoordinateReferenceSystem;
class QgsVectorLayer;

namespace orthoscribe::plugin {

QgsFields detectionFields();

// Any thread. measurer: for azimuth and sizes; null without georeference, then the rows are turned over as QGIS shows such
// rasters.
QgsFeature detectionFeature(const geo::Detection& detection, const geo::Measurer* measurer);
// The inverse, from map corners, label, score and tile. A polygon that was edited to have other than four corners gives its
// smallest rectangle. georeferenced: false turns the rows back.
geo::Detection detectionOf(const QgsFeature& feature, bool georeferenced);

// An empty layer in memory with style. Main thread, as all below.
std::unique_ptr<QgsVectorLayer> makeDetectionLayer(const QString& name, const QgsCoordinateReferenceSystem& crs,
                                                   const QStringList& classes);
// Outlines in one colour a class, from a palette that is told apart with colour-blind eyes as well.
void styleDetections(QgsVectorLayer& layer, const QStringList& classes);
QgsLayerMetadata detectionMetadata(const geo::Provenance& provenance);
// Into the project, directly above the raster it belongs to, or on top.
void addAbove(std::unique_ptr<QgsVectorLayer> layer, const QString& rasterLayerId);
// Hides what has a score below; what has none stays. 0 shows all.
void setLowestScore(QgsVectorLayer& layer, double score);

}  // namespace orthoscribe::plugin
