# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs inside the real QGIS with the real engine and the starter model: everything answers, whatever it says."""
import os
import sys

sys.path.insert(0, os.environ["ORTHOSCRIBE_TEST_SCRIPTS"])
import scene  # noqa: E402
from qgis.core import QgsLayerNotesUtils, QgsProject  # noqa: E402
from qgis.PyQt.QtCore import QTimer  # noqa: E402
from qgis.PyQt.QtWidgets import QAbstractButton, QAction, QComboBox, QLabel, QLineEdit, QPushButton, QSpinBox, QWidget  # noqa: E402
from qgis.utils import iface  # noqa: E402
from session_tools import WORK, check, choose, dock, part, quit_qgis, screenshot, settle, step, train_dialog, truth_layer, wait_for  # noqa: E402

WHOLE_LAYER = 2
EXPERTS = os.path.join(os.environ["XDG_DATA_HOME"], "orthoscribe", "experts")
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


def train():
    iface.setActiveLayer(truth_layer())
    part("orthoscribeTrain", kind=QAction).trigger()
    inside = wait_for(train_dialog, "the dialog")
    part("nameEdit", inside, QLineEdit).setText("rectangles")
    part("minutesSpin", inside, QSpinBox).setValue(1)
    part("trainButton", inside, QAbstractButton).click()
    said = part("stateLabel", inside, QLabel)
    wait_for(lambda: part("trainButton", inside).isVisible(), "the end of the training", 400)
    check("ready" in said.text(), said.text())
    for name in ("adapter_config.json", "adapter_model.safetensors"):
        check(os.path.exists(os.path.join(EXPERTS, "rectangles", name)), f"there is no {name}")
    settle(0.3)
    check(said.height() >= said.heightForWidth(said.width()), "the result is cut off")
    check(inside.grab().save(os.path.join(WORK, "trained.png")), "no picture of the dialog")
    part("useExpertButton", kind=QPushButton).click()
    return said.text()


def use():
    inside = dock("OrthoscribeDetectDock")
    experts = part("expertCombo", inside, QComboBox)
    wait_for(lambda: experts.currentText() == "rectangles", "the choice of the expert")
    iface.setActiveLayer(state["raster"])
    return detect()


def run():
    for function in (describe, ask, detect, train, use):
        step(function.__name__, function)
    quit_qgis()


QTimer.singleShot(2000, run)
