// SPDX-License-Identifier: GPL-2.0-or-later
// Detections that a person goes through: a copy with one more field, since the detections layer itself has fixed ones.
#pragma once

#include <QString>

class QgsVectorLayer;

namespace orthoscribe::plugin {

enum class Review { Accepted, Rejected };

// Name of the field, "review"; its values are "accepted", "rejected" or null. Whoever moves corners has corrected a box: its
// shape is taken as it is.
QString reviewField();

// The layer itself when it has the field; else its copy in memory, "X (review)", put above it in the project, to which its
// selection moves. Null when the layer holds no polygons.
QgsVectorLayer* reviewLayerOf(QgsVectorLayer& layer);

// Marks what is selected. Returns how many features were marked; in an edit session of the user it is part of that.
int markSelected(QgsVectorLayer& layer, Review review);

}  // namespace orthoscribe::plugin
