# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs inside the real QGIS with the real engine and the starter model: everything answers, whatever it says."""
import os
import sys

sys.path.insert(0, os.environ["ORTHOSCRIBE_TEST_SCRIPTS"])
import scene  # noqa: E402
from qgis.core import QgsLayerNotesUtils, QgsProject  # noqa: E402
from qgis.PyQt.QtCore import QTimer  # noqa: E402
from qgis.PyQt.QtWidgets import QAbstractButton, QAction, QComboBox, QLabel, QLineEdit, QWidget  # noqa: E402
from qgis.utils import iface  # noqa: E402
from session_tools import WORK, check, choose, dock, part, quit_qgis, screenshot, step, wait_for  # noqa: E402

WHOLE_LAYER = 2
state = {}


def describe():
    path = os.path.join(WORK, "scene.tif")
    scene.write(path)
    state["raster"] = layer = iface.addRasterLayer(path, "scene")
    iface.setActiveLayer(layer)
    iface.zoomToActiveLayer()
    part("orthoscribeDescribe", kind=QAction).trigger()
    return wait_for(lambda: QgsLayerNotesUtils.layerNotes(layer), "the notes", 180)


def ask():
    part("orthoscribeAsk", kind=QAction).trigger()
    inside = dock("OrthoscribeAskDock")
    choose(part("kindCombo", inside, QComboBox), WHOLE_LAYER)
    part("questionEdit", inside, QLineEdit).setText("Is there an airplane?")
    part("askButton", inside, QAbstractButton).click()
    wait_for(lambda: part("askButton", inside).isVisible(), "the answer", 180)
    answer = inside.findChildren(QLabel, "answerLabel")[-1].text()
    check(answer, "the answer is empty")
    inside.raise_()
    chart = inside.findChildren(QWidget, "expertChart")[-1]
    check(chart.isVisible(), "nothing shows how the experts were used")
    screenshot("answer.png")
    return answer


def detect():
    part("orthoscribeDetect", kind=QAction).trigger()
    inside = dock("OrthoscribeDetectDock")
    choose(part("kindCombo", inside, QComboBox), WHOLE_LAYER)
    part("classesEdit", inside, QLineEdit).setText("airplane, ship")
    part("startButton", inside, QAbstractButton).click()
    wait_for(lambda: part("startButton", inside).isVisible(), "the end of the detection", 300)
    said = part("stateLabel", inside, QLabel).text()
    check(not part("againButton", inside).isVisible(), said)
    screenshot("starter.png")
    return f"{said} {[layer.name() for layer in QgsProject.instance().mapLayers().values()]}"


def run():
    for function in (describe, ask, detect):
        step(function.__name__, function)
    quit_qgis()


QTimer.singleShot(2000, run)
