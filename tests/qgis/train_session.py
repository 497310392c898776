# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs inside the real QGIS (--code): boxes are reviewed, an expert is trained from them by the fake engine, and put to use."""
import os
import sys

sys.path.insert(0, os.environ["ORTHOSCRIBE_TEST_SCRIPTS"])
import scene  # noqa: E402
from qgis.core import QgsProject  # noqa: E402
from qgis.PyQt.QtCore import QTimer  # noqa: E402
from qgis.PyQt.QtWidgets import QAbstractButton, QAction, QComboBox, QLabel, QLineEdit, QPushButton  # noqa: E402
from qgis.utils import iface  # noqa: E402
from session_tools import WORK, check, dock, part, quit_qgis, screenshot, settle, step, train_dialog, truth_layer, wait_for  # noqa: E402

EXPERTS = os.path.join(os.environ["XDG_DATA_HOME"], "orthoscribe", "experts")
state = {}


def load():
    path = os.path.join(WORK, "scene.tif")
    scene.write(path)
    state["raster"] = iface.addRasterLayer(path, "scene")
    state["boxes"] = truth_layer()
    iface.setActiveLayer(state["raster"])
    iface.zoomToActiveLayer()


def review():
    boxes = state["boxes"]
    iface.setActiveLayer(boxes)
    boxes.selectByExpression("\"label\" = 'ship'")
    part("orthoscribeRejectBoxes", kind=QAction).trigger()
    state["review"] = reviewed = wait_for(lambda: next(iter(QgsProject.instance().mapLayersByName("boxes (review)")), None), "the copy")
    rejected = [feature["label"] for feature in reviewed.getFeatures() if feature["review"] == "rejected"]
    check(rejected == ["ship"] * 4, f"rejected are {rejected}")
    check(boxes.fields().lookupField("review") < 0, "the detections themselves were changed")
    reviewed.selectByExpression("\"label\" = 'airplane'")
    part("orthoscribeAcceptBoxes", kind=QAction).trigger()
    accepted = sum(feature["review"] == "accepted" for feature in reviewed.getFeatures())
    check(accepted == 5, f"{accepted} are accepted")
    reviewed.removeSelection()
    screenshot("review.png")


def train():
    iface.setActiveLayer(state["review"])
    part("orthoscribeTrain", kind=QAction).trigger()
    inside = wait_for(train_dialog, "the dialog")
    check(part("fieldCombo", inside, QComboBox).currentText() == "label", "the label field was not guessed")
    check(part("statusCombo", inside, QComboBox).currentText() == "review", "the review field was not guessed")
    part("nameEdit", inside, QLineEdit).setText("harbour")
    settle(0.3)
    check(inside.grab().save(os.path.join(WORK, "train_dialog.png")), "no picture of the dialog")
    with open(os.path.join(WORK, "delay_ms"), "w", encoding="ascii") as file:
        file.write("400")
    button = part("trainButton", inside, QAbstractButton)
    check(button.isEnabled(), button.toolTip())
    button.click()
    said = part("stateLabel", inside, QLabel)
    wait_for(lambda: "loss" in said.text() and "left" in said.text(), "progress, loss and time left")
    check(inside.grab().save(os.path.join(WORK, "training.png")), "no picture of the progress")
    wait_for(lambda: "ready" in said.text(), "the expert")
    check("0.25" in said.text() and "0.50" in said.text(), said.text())
    return said.text()


def cancel():
    inside = train_dialog()
    with open(os.path.join(WORK, "delay_ms"), "w", encoding="ascii") as file:
        file.write("60000")
    part("nameEdit", inside, QLineEdit).setText("never")
    part("trainButton", inside, QAbstractButton).click()
    wait_for(lambda: part("cancelButton", inside).isVisible(), "the training")
    part("cancelButton", inside, QAbstractButton).click()
    wait_for(lambda: part("trainButton", inside).isVisible(), "the end", 20)
    check(not os.path.exists(os.path.join(EXPERTS, "never")), "something was left behind")
    with open(os.path.join(WORK, "delay_ms"), "w", encoding="ascii") as file:
        file.write("0")
    inside.close()


def use():
    part("useExpertButton", kind=QPushButton).click()
    inside = dock("OrthoscribeDetectDock")
    wait_for(inside.isVisible, "the dock")
    experts = part("expertCombo", inside, QComboBox)
    wait_for(lambda: experts.currentText() == "harbour", "the choice of the expert")
    check(part("expertCombo", dock("OrthoscribeAskDock"), QComboBox).currentText() == "harbour", "the Ask dock has another one")
    part("classesEdit", inside, QLineEdit).setText("airplane")
    part("startButton", inside, QAbstractButton).click()
    wait_for(lambda: part("startButton", inside).isVisible(), "the end of the detection")
    with open(os.path.join(WORK, "adapter"), encoding="ascii") as file:
        check(file.read() == "harbour", "the request named another expert")
    screenshot("expert.png")


def run():
    for function in (load, review, train, cancel, use):
        step(function.__name__, function)
    quit_qgis()


QTimer.singleShot(2000, run)
