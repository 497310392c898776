#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Takes a picture of QGIS with objects detected on a raster: starts the real QGIS (under Xvfb where there is no display) in a profile of its own, works the
Detect dock like a user, and saves the window.

  packaging/demo_qgis.py RASTER CLASSES OUTPUT.png [--plugins FOLDER] [--engine PROGRAM] [--qgis PROGRAM] [--question TEXT]
    [--view MINX MINY MAXX MAXY]

It runs twice: as a program, and by --code inside the QGIS that it started.
"""
import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile

WISH = "ORTHOSCRIBE_DEMO"  # environment variable with what the script inside QGIS shall do, as JSON


def fail(why):
    print(f"demo_qgis.py: {why}", file=sys.stderr)
    sys.exit(1)


def start_qgis():
    source = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    parser = argparse.ArgumentParser(description="Photograph QGIS with objects detected on a raster.")
    parser.add_argument("raster")
    parser.add_argument("classes", help="names separated by commas")
    parser.add_argument("output")
    parser.add_argument("--plugins", default=os.path.join(source, "build", "default", "plugins"), help="folder of liborthoscribeplugin.so")
    parser.add_argument("--engine", default=shutil.which("orthoscribe"))
    parser.add_argument("--qgis", default=shutil.which("qgis"))
    parser.add_argument("--question", default="")
    parser.add_argument("--view", nargs=4, type=float, metavar=("MINX", "MINY", "MAXX", "MAXY"), help="part to show, in the raster's CRS")
    parser.add_argument("--timeout", type=int, default=900)
    given = parser.parse_args()
    display = [] if os.environ.get("DISPLAY") else ["xvfb-run", "-a", "-s", "-screen 0 1600x1000x24"]
    for program, name in ((given.qgis, "qgis"), (given.engine, "orthoscribe"), (shutil.which((display or ["true"])[0]), "xvfb-run")):
        if not program:
            fail(f"{name} is not installed")
    if not os.path.exists(os.path.join(given.plugins, "liborthoscribeplugin.so")):
        fail(f"{given.plugins} holds no liborthoscribeplugin.so; build it, or name its folder with --plugins")
    with tempfile.TemporaryDirectory(prefix="orthoscribe-demo-") as work:
        ini = os.path.join(work, "profiles", "default", "QGIS", "QGIS3.ini")
        os.makedirs(os.path.dirname(ini))
        with open(ini, "w", encoding="utf-8") as file:
            file.write(f"[plugins]\nsearchPathsForPlugins={os.path.abspath(given.plugins)}\ncheckOnStart=false\n")
            file.write("[Plugins]\nliborthoscribeplugin=true\n[qgis]\ncheckVersion=false\n")
        wish = {"raster": os.path.abspath(given.raster), "classes": given.classes, "output": os.path.abspath(given.output)}
        wish |= {"view": given.view, "question": given.question, "said": os.path.join(work, "said.txt"), "patience": given.timeout - 60}
        environment = os.environ | {WISH: json.dumps(wish), "ORTHOSCRIBE_ENGINE": given.engine, "QT_QPA_PLATFORM": "xcb"}
        # QGIS asks before it quits when a result lies in the temporary folder, so that must be another one.
        environment["TMPDIR"] = os.path.join(work, "tmp")
        os.makedirs(environment["TMPDIR"])
        command = display + [given.qgis, "--nologo", "--noversioncheck"]
        command += ["--profiles-path", work, "--width", "1600", "--height", "1000", "--code", os.path.abspath(__file__)]
        log = os.path.join(work, "qgis.log")
        with open(log, "w", encoding="utf-8") as output:
            process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True)
            try:
                process.wait(given.timeout)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                fail(f"QGIS did not come to an end within {given.timeout} s")
        if not os.path.exists(wish["said"]):
            sys.stderr.write(open(log, encoding="utf-8", errors="replace").read()[-2000:])
            fail("QGIS ended without a word")
        said = open(wish["said"], encoding="utf-8").read()
    if not os.path.exists(given.output):
        fail(said)
    print(said)


def work_in_qgis(wish):
    from qgis.core import QgsProject, QgsRectangle
    from qgis.PyQt.QtCore import QElapsedTimer, QTimer
    from qgis.PyQt.QtWidgets import QAbstractButton, QAction, QComboBox, QDockWidget, QLabel, QLineEdit, QWidget
    from qgis.utils import iface

    window = iface.mainWindow()
    patience = QElapsedTimer()

    def end(text):
        with open(wish["said"], "w", encoding="utf-8") as file:
            file.write(text)
        QgsProject.instance().setDirty(False)
        iface.actionExit().trigger()

    def guarded(function):
        try:
            function()
        except Exception as error:  # QGIS would open a dialog and wait
            end(f"{type(error).__name__}: {error}")

    def child(inside, kind, name):
        return inside.findChild(kind, name)

    def when(condition, then, what):
        def look():
            if condition():
                guarded(then)
            elif patience.elapsed() > wish["patience"] * 1000:
                end(f"waited in vain for {what}")
            else:
                QTimer.singleShot(200, look)

        look()

    def choose_layer(dock):
        combo = child(dock, QComboBox, "kindCombo")
        combo.setCurrentIndex(combo.findData(2))  # the whole layer

    def begin():
        patience.start()
        iface.messageBar().clearWidgets()
        for name in ("Browser", "AdvancedDigitizingTools"):
            panel = child(window, QDockWidget, name)
            if panel:
                panel.hide()
        layer = iface.addRasterLayer(wish["raster"], os.path.splitext(os.path.basename(wish["raster"]))[0])
        if not layer or not layer.isValid():
            end(f"{wish['raster']} is no raster that QGIS can open")
            return
        window.resize(1380, 880)  # without a window manager it is small
        iface.setActiveLayer(layer)
        iface.zoomToActiveLayer()
        ask() if wish["question"] else detect()

    def ask():
        child(window, QAction, "orthoscribeAsk").trigger()
        dock = child(window, QDockWidget, "OrthoscribeAskDock")
        choose_layer(dock)
        child(dock, QLineEdit, "questionEdit").setText(wish["question"])
        child(dock, QAbstractButton, "askButton").click()
        when(lambda: child(dock, QWidget, "askButton").isVisible(), detect, "the answer")

    def detect():
        child(window, QAction, "orthoscribeDetect").trigger()
        dock = child(window, QDockWidget, "OrthoscribeDetectDock")
        choose_layer(dock)
        child(dock, QLineEdit, "classesEdit").setText(wish["classes"])
        child(dock, QAbstractButton, "startButton").click()
        when(lambda: child(dock, QWidget, "startButton").isVisible(), lambda: show(dock), "the end of the detection")

    def show(dock):
        if wish["view"]:
            iface.mapCanvas().setExtent(QgsRectangle(*wish["view"]))
        iface.mapCanvas().refresh()
        dock.raise_()
        # Two looks at an idle canvas: drawing starts a moment after it was asked for.
        QTimer.singleShot(1500, lambda: when(lambda: not iface.mapCanvas().isDrawing(), lambda: QTimer.singleShot(500, lambda: save(dock)), "the map"))

    def save(dock):
        iface.messageBar().clearWidgets()
        window.grab().save(wish["output"])
        end(" ".join(child(dock, QLabel, name).text() for name in ("stateLabel", "resultLabel")))

    QTimer.singleShot(2000, lambda: guarded(begin))


if WISH in os.environ:
    work_in_qgis(json.loads(os.environ[WISH]))
else:
    start_qgis()
