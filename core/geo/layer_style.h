// SPDX-License-Identifier: GPL-2.0-or-later
// How a detections layer looks in QGIS.
#pragma once

#include <string>
#include <vector>

namespace orthoscribe::geo {

// The QML of resources/styles/detections.qml with one category for each label, in colours that people with colour-blindness can
// tell apart (Okabe and Ito 2008), then again with broken lines. Labels without a category look as in the resource. Throws
// Error{NotFound} when the resource is missing, Error{InvalidInput} when it is no style.
std::string detectionStyle(const std::vector<std::string>& labels);

}  // namespace orthoscribe::geo
