# SPDX-License-Identifier: GPL-2.0-or-later
"""What scripts that run inside QGIS share: waiting with a living event loop, finding widgets, taking notes of what holds."""
import json
import os
import time
import traceback

import scene
from qgis.core import QgsFeature, QgsGeometry, QgsPointXY, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QEvent, QEventLoop, QObject
from qgis.PyQt.QtWidgets import QApplication, QWidget
from qgis.utils import iface

WORK = os.environ["ORTHOSCRIBE_TEST_FOLDER"]
results = []


def settle(seconds=0.2):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        QApplication.processEvents(QEventLoop.AllEvents, 20)
        QApplication.sendPostedEvents(None, QEvent.DeferredDelete)
        time.sleep(0.005)


def wait_for(condition, what, seconds=90):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        settle(0.05)
    raise AssertionError(f"waited {seconds} s in vain for {what}")


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def step(name, function):
    try:
        detail = function()
        results.append({"name": name, "ok": True, "detail": str(detail or "")})
        return True
    except Exception:  # the next steps shall have their chance
        results.append({"name": name, "ok": False, "detail": traceback.format_exc(limit=4)})
        return False
    finally:
        with open(os.path.join(WORK, "results.json"), "w", encoding="utf-8") as file:
            json.dump(results, file, indent=1)


def dock(name):
    return iface.mainWindow().findChild(QWidget, name)


def part(name, inside=None, kind=QWidget):
    found = (inside or iface.mainWindow()).findChild(kind, name)
    check(found is not None, f"there is no {name}")
    return found


def choose(combo, data):
    index = combo.findData(data)
    check(index >= 0, f"{combo.objectName()} offers {[combo.itemText(i) for i in range(combo.count())]}")
    combo.setCurrentIndex(index)


def screenshot(name):
    iface.mainWindow().resize(1500, 900)
    settle(0.5)
    wait_for(lambda: not iface.mapCanvas().isDrawing(), "the map to be drawn", 30)
    settle(0.3)
    path = os.path.join(WORK, name)
    check(iface.mainWindow().grab().save(path), f"{path} was not written")
    return path


def quit_qgis():
    QgsProject.instance().setDirty(False)
    # It would ask whether to lose them.
    for layer in QgsProject.instance().mapLayers().values():
        layer.setCustomProperty("skipMemoryLayersCheck", 1)
    iface.actionExit().trigger()


def train_dialog():
    return next((widget for widget in QApplication.topLevelWidgets() if widget.objectName() == "OrthoscribeTrainDialog"), None)


def truth_layer():
    """A layer with the scene's rectangles, labelled; in the project."""
    boxes = QgsVectorLayer("Polygon?crs=EPSG:32632&field=label:string", "boxes", "memory")
    features = []
    for name, corners in scene.expected_corners(0):
        feature = QgsFeature(boxes.fields())
        feature.setGeometry(QgsGeometry.fromPolygonXY([[QgsPointXY(*corner) for corner in corners]]))
        feature.setAttributes([name])
        features.append(feature)
    boxes.dataProvider().addFeatures(features)
    QgsProject.instance().addMapLayer(boxes)
    return boxes
