# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs inside the real QGIS (--code): does with the plugin what a user does, and notes what holds."""
import os
import signal
import sys
from collections import Counter

sys.path.insert(0, os.environ["ORTHOSCRIBE_TEST_SCRIPTS"])
import scene  # noqa: E402
from osgeo import ogr  # noqa: E402
from qgis.core import QgsApplication, QgsCoordinateTransform, QgsFeature, QgsGeometry, QgsLayerNotesUtils, QgsProject  # noqa: E402
from qgis.core import QgsRectangle, QgsVectorLayer  # noqa: E402
from qgis.gui import QgsMapLayerComboBox  # noqa: E402
from qgis.PyQt import sip  # noqa: E402
from qgis.PyQt.QtCore import QMetaObject, QObject, QPoint, Qt, QTimer  # noqa: E402
from qgis.PyQt.QtTest import QTest  # noqa: E402
from qgis.PyQt.QtWidgets import QAbstractButton, QAction, QComboBox, QDockWidget, QLabel, QLineEdit, QMenu, QSlider  # noqa: E402
from qgis.utils import iface  # noqa: E402
from session_tools import WORK, check, choose, dock, part, quit_qgis, screenshot, settle, step, wait_for  # noqa: E402

ogr.UseExceptions()
TURN = 20.0  # the raster lies turned on the map
VIEW, RECTANGLE, LAYER, POLYGONS = range(4)
state = {}


def set_delay(milliseconds):
    with open(os.path.join(WORK, "delay_ms"), "w", encoding="ascii") as file:
        file.write(str(milliseconds))


def raster():
    return QgsProject.instance().mapLayer(state["raster"])


def context_action(name):
    """The action as the layer's context menu offers it."""
    iface.layerTreeView().setCurrentLayer(raster())
    menu = iface.layerTreeView().menuProvider().createContextMenu()
    state["menu"] = menu  # QGIS would delete it when it is hidden
    subs = [action.menu() for action in menu.actions() if action.menu()]
    found = [action for sub in [menu, *subs] for action in sub.actions() if action.objectName() == name]
    check(found, f"the context menu has no {name}, only {[a.text() for a in menu.actions()]}")
    return found[0]


def layer_combo():
    return sip.cast(part("layerCombo", detect_dock(), QComboBox), QgsMapLayerComboBox)


def detect_dock():
    return dock("OrthoscribeDetectDock")


def result_layers():
    return [layer for layer in QgsProject.instance().mapLayers().values() if isinstance(layer, QgsVectorLayer)]


def start_detection(classes="airplane, ship", area=LAYER):
    inside = detect_dock()
    part("classesEdit", inside, QLineEdit).setText(classes)
    choose(part("kindCombo", inside, QComboBox), area)
    part("startButton", inside, QAbstractButton).click()
    settle(0.1)
    check(part("cancelButton", inside).isVisible(), "the run did not start: " + part("stateLabel", inside, QLabel).text())


def await_detection():
    inside = detect_dock()
    wait_for(lambda: part("startButton", inside).isVisible(), "the end of the detection")
    return part("stateLabel", inside, QLabel).text()


def compare(found, tolerance):
    """found: (label, [four corners]) on the map, against the scene. Gives the largest distance of a corner in pixels."""
    check(len(found) == len(scene.SHAPES), f"{len(found)} boxes instead of {len(scene.SHAPES)}")
    worst = scene.largest_error(found, TURN)
    check(worst <= tolerance, f"a corner is off by {worst:.2f} pixels")
    return worst


def read_layer(path):
    data = ogr.Open(path)
    layer = data.GetLayer(0)
    names = [layer.GetLayerDefn().GetFieldDefn(i).GetName() for i in range(layer.GetLayerDefn().GetFieldCount())]
    check([n for n in names if n != "fid"] == ["label", "score", "azimuth", "length_m", "width_m", "area_m2", "tile"], f"fields {names}")
    boxes = []
    for feature in layer:
        ring = feature.GetGeometryRef().GetGeometryRef(0)
        boxes.append((feature.GetField("label"), [ring.GetPoint_2D(i) for i in range(4)]))
    return boxes, layer.GetSpatialRef()


# ---- steps


def plugin_is_there():
    check(dock("OrthoscribeAskDock") is not None and detect_dock() is not None, "a dock is missing")
    check(not dock("OrthoscribeAskDock").isVisible() and not detect_dock().isVisible(), "a dock pops up by itself")
    for name in ("orthoscribeDescribe", "orthoscribeAsk", "orthoscribeDetect", "orthoscribeTrain"):
        part(name, kind=QAction)
    provider = QgsApplication.processingRegistry().providerById("orthoscribe")
    check(provider is not None, "there is no Processing provider")
    names = sorted(algorithm.name() for algorithm in provider.algorithms())
    check(names == ["ask", "classify", "describe", "detect", "evaluate", "ground"], str(names))
    check(not os.path.exists(os.path.join(WORK, "pid")), "the engine was started without need")


def open_raster():
    path = os.path.join(WORK, "scene.tif")
    scene.write(path, TURN)
    layer = iface.addRasterLayer(path, "scene")
    check(layer.isValid(), "the raster is not valid")
    state["raster"] = layer.id()
    iface.setActiveLayer(layer)
    iface.zoomToActiveLayer()
    settle(0.5)


def describe():
    QgsLayerNotesUtils.setLayerNotes(raster(), "<p>Flown in spring</p>")
    context_action("orthoscribeDescribe").trigger()
    notes = wait_for(lambda: "4 red" in QgsLayerNotesUtils.layerNotes(raster()) or "5 red" in QgsLayerNotesUtils.layerNotes(raster()), "the notes")
    notes = QgsLayerNotesUtils.layerNotes(raster())
    check("Flown in spring" in notes, "the user's notes are gone: " + notes)
    context_action("orthoscribeDescribe").trigger()
    settle(0.3)
    wait_for(lambda: part("askButton", dock("OrthoscribeAskDock")).isVisible(), "the second description")
    again = QgsLayerNotesUtils.layerNotes(raster())
    check(again.count("The picture shows") == 1 and "Flown in spring" in again, "described twice: " + again)
    check("ready" in part("engineText", detect_dock(), QLabel).text(), "the dock does not tell the engine's state")
    return again


def answers():
    return [label.text() for label in dock("OrthoscribeAskDock").findChildren(QLabel, "answerLabel")]


def ask():
    context_action("orthoscribeAsk").trigger()
    inside = dock("OrthoscribeAskDock")
    wait_for(inside.isVisible, "the Ask dock")
    choose(part("kindCombo", inside, QComboBox), LAYER)
    part("questionEdit", inside, QLineEdit).setText("How many ships are there?")
    part("askButton", inside, QAbstractButton).click()
    wait_for(lambda: "blue shapes" in answers()[-1], "the answer")
    wait_for(lambda: part("askButton", inside).isVisible(), "the end of the answer")
    check("4 blue" in answers()[-1], answers()[-1])
    iface.mapCanvas().zoomByFactor(20)
    settle(0.2)
    before = iface.mapCanvas().extent()
    inside.findChildren(QAbstractButton, "placeButton")[-1].click()
    settle(0.2)
    after = iface.mapCanvas().extent()
    check(after.width() < before.width() / 5 and after.intersects(raster().extent()), "the click did not lead to the place")
    return answers()[-1]


def stop_answer():
    set_delay(300)
    inside = dock("OrthoscribeAskDock")
    part("questionEdit", inside, QLineEdit).setText("What is this?")
    part("askButton", inside, QAbstractButton).click()
    wait_for(lambda: "I see" in answers()[-1], "the first words")
    part("stopButton", inside, QAbstractButton).click()
    wait_for(lambda: part("askButton", inside).isVisible(), "the stop", 10)
    set_delay(0)
    check("ground" not in answers()[-1], "it was not stopped: " + answers()[-1])
    return answers()[-1]


def detect():
    iface.zoomToActiveLayer()
    context_action("orthoscribeDetect").trigger()
    wait_for(detect_dock().isVisible, "the Detect dock")
    set_delay(30)
    start_detection()
    grown = set()

    def growing():
        grown.update(layer.featureCount() for layer in result_layers())
        return part("startButton", detect_dock()).isVisible()

    wait_for(growing, "the end of the detection")
    set_delay(0)
    layers = result_layers()
    check(len(layers) == 1, f"{len(layers)} result layers")
    layer = layers[0]
    state["result"] = layer.id()
    check(len(grown) > 2, f"the boxes came all at once: {sorted(grown)}")
    check(layer.providerType() == "ogr" and layer.source().split("|")[0].endswith(".gpkg"), "the result is not kept: " + layer.source())
    order = [node.layerId() for node in QgsProject.instance().layerTreeRoot().findLayers()]
    check(order.index(layer.id()) == order.index(state["raster"]) - 1, "the boxes are not directly above their raster")
    check("fake" in layer.metadata().abstract(), "the layer does not say where it comes from")
    boxes, reference = read_layer(layer.source().split("|")[0])
    check(reference.GetAuthorityCode(None) == "32632", "CRS " + str(reference.GetAuthorityCode(None)))
    return f"{layer.featureCount()} boxes, grew over {sorted(grown)}, largest corner error {compare(boxes, 0.75):.2f} px"


def threshold():
    layer = QgsProject.instance().mapLayer(state["result"])
    slider = part("confidenceSlider", detect_dock(), QSlider)
    slider.setValue(60)
    ships_hidden = layer.featureCount()
    slider.setValue(0)
    settle(0.1)
    check((ships_hidden, layer.featureCount()) == (5, 9), f"{ships_hidden} and {layer.featureCount()}")


def export():
    part("exportButton", detect_dock(), QAbstractButton).click()
    folder = os.path.dirname(QgsProject.instance().mapLayer(state["result"]).source().split("|")[0])
    shapefiles = [name for name in os.listdir(folder) if name.endswith(".shp")]
    check(len(shapefiles) == 1, f"{folder} holds {os.listdir(folder)}")
    boxes, reference = read_layer(os.path.join(folder, shapefiles[0]))
    check("UTM zone 32" in reference.ExportToWkt().replace("_", " "), reference.ExportToWkt())
    return f"largest corner error {compare(boxes, 0.75):.2f} px in {shapefiles[0]}"


def picture():
    detect_dock().raise_()
    iface.messageBar().clearWidgets()
    return screenshot("detect.png")


def map_as_drawn():
    """The canvas, turned, through QGIS's renderer."""
    canvas = iface.mapCanvas()
    QgsProject.instance().layerTreeRoot().findLayer(state["result"]).setItemVisibilityChecked(False)
    inside = detect_dock()
    part("layerCombo", inside, QComboBox).setCurrentIndex(0)
    check(layer_combo().currentLayer() is None, "the first entry is not the map as drawn")
    canvas.setRotation(15)
    iface.setActiveLayer(raster())
    iface.zoomToActiveLayer()
    canvas.zoomByFactor(1.3)  # the turned view cuts corners off
    settle(0.5)
    before = len(result_layers())
    start_detection(area=VIEW)
    said = await_detection()
    check(len(result_layers()) == before + 1, "nothing came: " + said)
    layer = max(result_layers(), key=lambda one: one.id() != state["result"])
    boxes = []
    for feature in layer.getFeatures():
        ring = feature.geometry().constGet().exteriorRing()
        boxes.append((feature["label"], [(ring.xAt(i), ring.yAt(i)) for i in range(4)]))
    units = canvas.mapUnitsPerPixel()
    canvas.setRotation(0)
    QgsProject.instance().removeMapLayer(layer.id())
    QgsProject.instance().layerTreeRoot().findLayer(state["result"]).setItemVisibilityChecked(True)
    place = f"view {canvas.extent().toString(1)} of {canvas.width()} x {canvas.height()} pixels, said: {said}"
    check(len(boxes) == len(scene.SHAPES), f"{len(boxes)} boxes instead of {len(scene.SHAPES)}: {place}")
    worst = compare(boxes, 1.5 * max(1.0, units / scene.GSD))
    return f"largest corner error {worst:.2f} raster pixels, one canvas pixel is {units / scene.GSD:.2f}; {place}"


def found_by(area):
    before = set(QgsProject.instance().mapLayers())
    start_detection(area=area)
    said = await_detection()
    new = [layer for layer in result_layers() if layer.id() not in before]
    check(len(new) == 1, said)
    labels = sorted(feature["label"] for feature in new[0].getFeatures())
    QgsProject.instance().removeMapLayer(new[0].id())
    return labels


def square_around(shape, half):
    """A square on the map around the centre of a shape, in the raster's CRS."""
    x, y = scene.to_map(scene.geotransform(TURN), shape[1], shape[2])
    return QgsRectangle(x - half, y - half, x + half, y + half)


def selected_polygons():
    polygons = QgsVectorLayer("Polygon?crs=EPSG:4326", "polygons", "memory")
    polygons.setCustomProperty("skipMemoryLayersCheck", 1)
    to_degrees = QgsCoordinateTransform(raster().crs(), polygons.crs(), QgsProject.instance())
    for shape in (scene.SHAPES[0], scene.SHAPES[6], scene.SHAPES[8]):
        feature = QgsFeature()
        geometry = QgsGeometry.fromRect(square_around(shape, 20))
        geometry.transform(to_degrees)
        feature.setGeometry(geometry)
        polygons.dataProvider().addFeature(feature)
    QgsProject.instance().addMapLayer(polygons)
    polygons.selectByIds([1, 2])
    layer_combo().setLayer(raster())
    choose(part("kindCombo", detect_dock(), QComboBox), POLYGONS)
    sip.cast(part("polygonCombo", detect_dock(), QComboBox), QgsMapLayerComboBox).setLayer(polygons)
    labels = found_by(POLYGONS)
    QgsProject.instance().removeMapLayer(polygons.id())
    check(labels == ["airplane", "ship"], str(labels))


def drawn_rectangle():
    canvas = iface.mapCanvas()
    iface.setActiveLayer(raster())
    iface.zoomToActiveLayer()
    settle(0.5)
    tool = canvas.mapTool()
    part("drawButton", detect_dock(), QAbstractButton).click()
    square = square_around(scene.SHAPES[3], 20)
    ends = [canvas.getCoordinateTransform().transform(x, y) for x, y in ((square.xMinimum(), square.yMaximum()), (square.xMaximum(), square.yMinimum()))]
    start, end = [QPoint(round(point.x()), round(point.y())) for point in ends]
    QTest.mousePress(canvas.viewport(), Qt.LeftButton, Qt.NoModifier, start)
    QTest.mouseMove(canvas.viewport(), (start + end) / 2)
    QTest.mouseMove(canvas.viewport(), end)
    QTest.mouseRelease(canvas.viewport(), Qt.LeftButton, Qt.NoModifier, end)
    settle(0.2)
    check(canvas.mapTool() == tool, "the map did not get its tool back")
    check("m" in part("hintLabel", detect_dock(), QLabel).text(), part("hintLabel", detect_dock(), QLabel).text())
    labels = found_by(RECTANGLE)
    check(labels == ["airplane"], str(labels))
    return part("hintLabel", detect_dock(), QLabel).text()


def killed_engine():
    layer_combo().setLayer(raster())
    before = set(QgsProject.instance().mapLayers())
    set_delay(120)
    start_detection()
    new = lambda: [layer for layer in result_layers() if layer.id() not in before and layer.featureCount() > 0]  # noqa: E731
    kept = wait_for(new, "the first box")[0].id()
    with open(os.path.join(WORK, "pid"), encoding="ascii") as file:
        os.kill(int(file.read()), signal.SIGKILL)
    said = await_detection()
    set_delay(0)
    check(QgsProject.instance().mapLayer(kept).featureCount() > 0, "what was found is gone")
    again = part("againButton", detect_dock(), QAbstractButton)
    check(again.isVisible(), "there is no offer to start again")
    screenshot("killed.png")
    again.click()
    settle(0.2)
    await_detection()
    newest = [layer for layer in result_layers() if layer.id() not in before and layer.id() != kept]
    check(len(newest) == 1 and newest[0].featureCount() == 9, f"the second run found {[l.featureCount() for l in newest]}")
    QgsProject.instance().removeMapLayers([kept, newest[0].id()])
    return said


def cancel_run():
    before = set(QgsProject.instance().mapLayers())
    set_delay(150)
    start_detection()
    wait_for(lambda: [l for l in result_layers() if l.id() not in before and l.featureCount()], "the first box")
    part("cancelButton", detect_dock(), QAbstractButton).click()
    wait_for(lambda: part("startButton", detect_dock()).isVisible(), "the cancel", 10)
    set_delay(0)
    kept = [layer for layer in result_layers() if layer.id() not in before]
    check(len(kept) == 1 and 0 < kept[0].featureCount() < 9, f"kept {[l.featureCount() for l in kept]}")
    QgsProject.instance().removeMapLayer(kept[0].id())


def processing():
    import processing as toolbox

    out = os.path.join(WORK, "processing.gpkg")
    result = toolbox.run("orthoscribe:detect", {"INPUT": raster(), "CLASSES": "airplane,ship", "THRESHOLD": 0.5, "OUTPUT": out})
    check(result["COUNT"] == 5, str(result))
    told = toolbox.run("orthoscribe:ask", {"INPUT": raster(), "QUESTION": "What?", "OUTPUT": os.path.join(WORK, "answer.txt")})
    with open(os.path.join(WORK, "answer.txt"), encoding="utf-8") as file:
        check(file.read().strip() == told["TEXT"] and "blue" in told["TEXT"], str(told))
    described = toolbox.run("orthoscribe:describe", {"INPUT": raster()})
    check("The picture shows" in described["TEXT"], str(described))


def layers_go_in_mid_run():
    set_delay(100)
    before = set(QgsProject.instance().mapLayers())
    start_detection()
    new = lambda: [l for l in result_layers() if l.id() not in before and l.featureCount()]  # noqa: E731
    wait_for(new, "the first box")
    QgsProject.instance().removeMapLayer(new()[0].id())
    await_detection()
    start_detection()
    wait_for(new, "the first box")
    iface.newProject(False)
    settle(0.5)
    wait_for(lambda: part("startButton", detect_dock()).isVisible(), "the end of the run")
    set_delay(0)
    open_raster()
    layer_combo().setLayer(raster())


def ten_lives():
    plugin = [child for child in iface.mainWindow().children() if child.objectName().startswith("qgis_plugin_") and "orthoscribe" in child.objectName()]
    check(len(plugin) == 1, f"{len(plugin)} plugin objects")
    plugin = plugin[0]

    def traces():
        window = iface.mainWindow()
        found = [w.objectName() for w in window.findChildren(QDockWidget) if w.objectName().startswith("Orthoscribe")]
        found += [a.objectName() for a in window.findChildren(QAction) if a.objectName().startswith("orthoscribe")]
        found += [a.text() for m in window.findChildren(QMenu) for a in m.actions() if "Orthoscribe" in a.text()]
        found += ["provider"] if QgsApplication.processingRegistry().providerById("orthoscribe") else []
        return found

    with open(os.path.join(WORK, "pid"), encoding="ascii") as file:
        engine = int(file.read())
    os.kill(engine, 0)
    counts = []

    def kinds():
        return Counter(f"{child.metaObject().className()} {child.objectName()}" for child in iface.mainWindow().findChildren(QObject))

    for life in range(10):
        QMetaObject.invokeMethod(plugin, "unload", Qt.DirectConnection)
        settle(0.1)
        check(traces() == [], f"life {life} leaves {traces()}")
        counts.append(kinds())
        QMetaObject.invokeMethod(plugin, "initGui", Qt.DirectConnection)
        settle(0.1)
    left = counts[-1] - counts[1]  # what went away meanwhile, as messages of QGIS do, is no trace
    check(not left, f"eight lives leave {left}")
    try:
        os.kill(engine, 0)
        check(False, "the engine outlived the plugin")
    except ProcessLookupError:
        pass
    context_action("orthoscribeDescribe").trigger()
    QgsLayerNotesUtils.removeNotes(raster())
    wait_for(lambda: "The picture shows" in QgsLayerNotesUtils.layerNotes(raster()), "a description in the eleventh life")


def quit_in_mid_run():
    context_action("orthoscribeDetect").trigger()
    layer_combo().setLayer(raster())
    set_delay(200)
    start_detection()
    settle(0.5)


def run():
    wanted = os.environ.get("ORTHOSCRIBE_STEPS")
    steps = [plugin_is_there, open_raster, describe, ask, stop_answer, detect, threshold, export, picture, map_as_drawn]
    steps += [selected_polygons, drawn_rectangle, killed_engine]
    steps += [cancel_run, processing, layers_go_in_mid_run, ten_lives, quit_in_mid_run]
    for function in steps:
        if wanted and function.__name__ not in wanted.split():
            continue
        step(function.__name__, function)
    quit_qgis()


set_delay(0)
QTimer.singleShot(2000, run)
