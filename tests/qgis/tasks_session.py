# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs inside the real QGIS (--code): the tasks that only some families have, with an engine that speaks as RSCoVLM."""
import os
import sys

sys.path.insert(0, os.environ["ORTHOSCRIBE_TEST_SCRIPTS"])
import scene  # noqa: E402
from qgis.core import QgsGeometry, QgsPointXY, QgsProject, QgsVectorLayer  # noqa: E402
from qgis.gui import QgsMapLayerComboBox, QgsRubberBand  # noqa: E402
from qgis.PyQt import sip  # noqa: E402
from qgis.PyQt.QtCore import QTimer  # noqa: E402
from qgis.PyQt.QtWidgets import QAbstractButton, QAction, QComboBox, QLabel, QLineEdit  # noqa: E402
from qgis.utils import iface  # noqa: E402
from session_tools import WORK, check, choose, dock, part, quit_qgis, screenshot, settle, step, wait_for  # noqa: E402

TURN, FINENESS = 20.0, 3  # larger than what the model is shown at once
LAYER = 2
state = {}


def speak(dialect):
    with open(os.path.join(WORK, "dialect"), "w", encoding="ascii") as file:
        file.write(dialect)


def layer_named(name):
    return QgsProject.instance().mapLayer(state[name])


def add_raster(name, shapes):
    path = os.path.join(WORK, name + ".tif")
    scene.write(path, TURN, FINENESS, shapes)
    layer = iface.addRasterLayer(path, name)
    check(layer.isValid(), name + " is not valid")
    state[name] = layer.id()


def combo(name, inside):
    return sip.cast(part(name, inside, QComboBox), QgsMapLayerComboBox)


def ask_dock():
    return dock("OrthoscribeAskDock")


def answers():
    return [label.text() for label in ask_dock().findChildren(QLabel, "answerLabel")]


def await_answer(words):
    wait_for(lambda: answers() and words in answers()[-1], f"'{words}'")
    wait_for(lambda: part("askButton", ask_dock()).isVisible(), "the end of the answer")
    return answers()[-1]


def ask(question):
    part("questionEdit", ask_dock(), QLineEdit).setText(question)
    part("askButton", ask_dock(), QAbstractButton).click()


def marks():
    """Outlines on the canvas that are shown."""
    bands = [item for item in iface.mapCanvas().scene().items() if isinstance(item, QgsRubberBand) and item.isVisible()]
    return [band.asGeometry() for band in bands if band.numberOfVertices() > 3]


# ---- steps


def open_rasters():
    speak("rscovlm_polygon")
    add_raster("before", scene.SHAPES[2:])
    add_raster("after", scene.SHAPES)
    iface.setActiveLayer(layer_named("after"))
    iface.zoomToActiveLayer()
    part("orthoscribeAsk", kind=QAction).trigger()
    wait_for(ask_dock().isVisible, "the Ask dock")
    combo("layerCombo", ask_dock()).setLayer(layer_named("after"))
    check(combo("earlierCombo", ask_dock()).currentLayer() is None, "an earlier date is chosen by itself")
    choose(part("kindCombo", ask_dock(), QComboBox), LAYER)


def zoom_in():
    ask("How many ships lie at the pier?")
    said = await_answer("Closer by")
    check(said == "Closer by I see 1 blue.", said)
    check("tool_call" not in said, "the request is shown to the user: " + said)
    found = marks()
    check(len(found) == 1, f"{len(found)} outlines on the canvas")
    ships = [QgsGeometry.fromPolygonXY([[QgsPointXY(*corner) for corner in quad]]) for name, quad in scene.expected_corners(TURN) if name == "ship"]
    inside = [ship for ship in ships if found[0].contains(ship)]
    check(len(inside) == 1, "the outline holds no whole ship: " + found[0].asWkt(1))
    # The engine asks for 40 pixels of the overview around the ship's bounds in the picture.
    x, y = scene.to_map(scene.geotransform(TURN), 90, 330)
    centre = found[0].centroid().asPoint()
    check(abs(centre.x() - x) < 1.0 and abs(centre.y() - y) < 1.0, f"centre {centre.x()} {centre.y()} instead of {x} {y}")
    screenshot("zoom.png")
    buttons = ask_dock().findChildren(QAbstractButton, "stepButton")
    check(len(buttons) == 1, f"{len(buttons)} steps in the dock")
    before = iface.mapCanvas().extent()
    buttons[0].click()
    settle(0.3)
    after = iface.mapCanvas().extent()
    check(after.width() < before.width() / 3 and after.contains(QgsPointXY(x, y)), "the click did not lead to the step")
    return buttons[0].text()


def another_date():
    iface.zoomToActiveLayer()
    combo("earlierCombo", ask_dock()).setLayer(layer_named("before"))
    ask("What has come?")
    said = await_answer("now there are")
    check(said == "There were 3 red shapes, and now there are 5.", said)
    part("describeButton", ask_dock(), QAbstractButton).click()
    wait_for(lambda: len(answers()) == 3, "a third entry")
    await_answer("now there are")
    screenshot("change.png")
    combo("earlierCombo", ask_dock()).setCurrentIndex(0)
    return said


def classify():
    part("questionEdit", ask_dock(), QLineEdit).setText("forest, harbor")
    part("classifyButton", ask_dock(), QAbstractButton).click()
    said = await_answer("harbor")
    check("0.9" in said, said)
    part("questionEdit", ask_dock(), QLineEdit).setText("forest, beach")
    part("classifyButton", ask_dock(), QAbstractButton).click()
    wait_for(lambda: len(answers()) == 5, "a fifth entry")
    await_answer("harbor")
    notes = [label.text() for label in ask_dock().findChildren(QLabel) if "none of the classes" in label.text()]
    check(notes, "nothing is said of an answer that names none")
    screenshot("classify.png")
    return said


def by_aspects():
    part("aspectsCheck", ask_dock(), QAbstractButton).setChecked(True)
    part("describeButton", ask_dock(), QAbstractButton).click()
    wait_for(lambda: len(answers()) == 6, "a sixth entry")
    await_answer("red shapes")
    part("aspectsCheck", ask_dock(), QAbstractButton).setChecked(False)
    shown = [button for button in ask_dock().findChildren(QAbstractButton, "aspectsButton") if button.isVisible()]
    check(len(shown) == 1, f"{len(shown)} answers tell of aspects")
    shown[0].click()
    texts = [label.text() for label in ask_dock().findChildren(QLabel, "aspectsLabel") if label.isVisible()]
    check(len(texts) == 1 and "Theme: A plain ground." in texts[0], str(texts))
    screenshot("aspects.png")
    return texts[0]


def clear():
    check(marks(), "the outline went away by itself")
    part("clearButton", ask_dock(), QAbstractButton).click()
    settle(0.2)
    check(not marks(), "the outline is still there")
    check(not answers(), "the conversation is still there")


def found_layer(before):
    new = [layer for name, layer in QgsProject.instance().mapLayers().items() if name not in before and isinstance(layer, QgsVectorLayer)]
    return new[0] if new else None


def find_by_description():
    iface.setActiveLayer(layer_named("after"))
    iface.zoomToActiveLayer()
    part("orthoscribeDetect", kind=QAction).trigger()
    inside = dock("OrthoscribeDetectDock")
    wait_for(inside.isVisible, "the Detect dock")
    inside.raise_()
    combo("layerCombo", inside).setLayer(layer_named("after"))
    choose(part("kindCombo", inside, QComboBox), LAYER)
    check(part("classesEdit", inside).isVisible() and not part("phraseEdit", inside).isVisible(), "kinds of objects come first")
    part("modeCombo", inside, QComboBox).setCurrentIndex(1)
    check(part("phraseEdit", inside).isVisible() and not part("classesEdit", inside).isVisible(), "there is no place for a phrase")
    part("phraseEdit", inside, QLineEdit).setText("the red airplanes")
    before = set(QgsProject.instance().mapLayers())
    part("startButton", inside, QAbstractButton).click()
    layer = wait_for(lambda: part("startButton", inside).isVisible() and found_layer(before), "the boxes")
    check(layer.providerType() == "ogr", "the result is not kept")
    boxes = []
    for feature in layer.getFeatures():
        check(feature["label"] == "the red airplanes", feature["label"])
        ring = feature.geometry().constGet()
        ring = (ring.geometryN(0) if hasattr(ring, "geometryN") else ring).exteriorRing()
        boxes.append(("airplane", [(ring.xAt(i), ring.yAt(i)) for i in range(4)]))
    planes = [quad for name, quad in scene.expected_corners(TURN) if name == "airplane"]
    check(len(boxes) == len(planes), f"{len(boxes)} boxes")
    boxes += [(name, quad) for name, quad in scene.expected_corners(TURN) if name == "ship"]
    worst = scene.largest_error(boxes, TURN)
    check(worst <= 0.75, f"a corner is off by {worst:.2f} pixels")
    iface.messageBar().clearWidgets()
    screenshot("ground.png")
    return f"largest corner error {worst:.2f} px of the scene"


def processing():
    import processing as toolbox

    raster = layer_named("after")
    chosen = toolbox.run("orthoscribe:classify", {"INPUT": raster, "CLASSES": "forest, harbor"})
    check(chosen["CLASS"] == "harbor" and 0.8 < chosen["SCORE"] < 1, str(chosen))
    found = toolbox.run("orthoscribe:ground", {"INPUT": raster, "PHRASE": "the blue ships", "OUTPUT": os.path.join(WORK, "found.gpkg")})
    check(found["COUNT"] == 4, str(found))
    report = os.path.join(WORK, "evaluation.html")
    measured = toolbox.run(
        "orthoscribe:evaluate",
        {"INPUT": found["OUTPUT"], "TRUTH": found["OUTPUT"], "OUTPUT": os.path.join(WORK, "fates.gpkg"), "REPORT": report},
    )
    check(measured["RIGHT"] == 4 and measured["WRONG"] == 0 and measured["MAP_NC"] == 1, str(measured))
    check("Average precision by class" in open(report, encoding="utf-8").read(), "the report of the evaluation is not whole")
    told = toolbox.run("orthoscribe:ask", {"INPUT": raster, "QUESTION": "What has come?", "BEFORE": layer_named("before")})
    check(told["TEXT"] == "There were 3 red shapes, and now there are 5.", str(told))
    closer = toolbox.run("orthoscribe:ask", {"INPUT": raster, "QUESTION": "How many ships?"})
    check(closer["TEXT"] == "Closer by I see 1 blue.", str(closer))


def refusals():
    """With a model that was not trained for it."""
    speak("starter")
    inside = dock("OrthoscribeDetectDock")
    part("startButton", inside, QAbstractButton).click()
    settle(0.2)
    wait_for(lambda: part("startButton", inside).isVisible(), "the end of the run")
    said = part("stateLabel", inside, QLabel).text()
    check("rscovlm_polygon" in said, said)
    iface.messageBar().clearWidgets()
    screenshot("refused.png")
    return said


def run():
    for function in (open_rasters, zoom_in, another_date, classify, by_aspects, clear, find_by_description, processing, refusals):
        step(function.__name__, function)
    quit_qgis()


QTimer.singleShot(2000, run)
