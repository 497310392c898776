// SPDX-License-Identifier: GPL-2.0-or-later
// From what the user chose in a dock to a request for a job. Main thread.
#pragma once

#include "plugin/raster_request.h"
#include "ui/area_chooser.h"

class QgsMapCanvas;
class QgsMapLayer;

namespace orthoscribe::plugin {

class RectanglePicker;

// layer: null for the map as drawn. Throws Error{InvalidInput} when no rectangle is drawn, no polygon selected, or nothing of the
// layer lies inside.
RasterRequest requestOf(QgsMapLayer* layer, const QgsMapCanvas& canvas, const ui::AreaChooser& chooser,
                        const RectanglePicker& picker);

// What a request looks at, in words: "View of harbour", "Rectangle on harbour".
QString placeText(const RasterRequest& request, ui::AreaKind kind);

// Connects drawing of a rectangle: the chooser's button to the picker, and the picker's result to what the chooser says.
void connectPicker(ui::AreaChooser& chooser, RectanglePicker& picker);

}  // namespace orthoscribe::plugin
