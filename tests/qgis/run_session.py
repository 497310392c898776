#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Starts the real QGIS under Xvfb in a clean profile with the plugin enabled, runs a script in it and reports its steps.

Exits 77 (skipped) when QGIS or Xvfb is not there. --keep FOLDER keeps screenshots and results.
"""
import argparse
import glob
import json
import math
import os
import shutil
import signal
import subprocess
import sys
import tempfile

import scene

PROFILE = """[plugins]
searchPathsForPlugins={plugins}
checkOnStart=false
[Plugins]
liborthoscribeplugin=true
{extra}
[PythonPlugins]
processing=true
[qgis]
checkVersion=false
enableMacros=Never
[app]
projections\\unknownCrsBehavior=NoAction
"""


def skip(why):
    print(f"skipped: {why}")
    sys.exit(77)


def run(command, environment, output, timeout):
    """The exit status; None when it had to be killed, with all that it started."""
    process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True)
    try:
        return process.wait(timeout)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return None


def exported_error(work, turn_deg):
    """Largest distance, in pixels, of a corner in the exported shapefile from where it was drawn; infinite without one."""
    from osgeo import ogr

    files = glob.glob(os.path.join(work, "profiles", "default", "orthoscribe", "*.shp"))
    if len(files) != 1:
        return math.inf
    data = ogr.Open(files[0])
    boxes = []
    for feature in data.GetLayer(0):
        ring = feature.GetGeometryRef().GetGeometryRef(0)
        boxes.append((feature.GetField("label"), [ring.GetPoint_2D(i) for i in range(4)]))
    return scene.largest_error(boxes, turn_deg)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--qgis", required=True)
    parser.add_argument("--plugins", required=True)
    parser.add_argument("--engine", required=True)
    parser.add_argument("--script", help="Python script for --code")
    parser.add_argument("--probe", help="folder of liborthoscribeprobe.so, which drives the plugin where QGIS has no Python")
    parser.add_argument("--scene", type=float, help="make the scene, turned by degrees, and compare the exported boxes with it")
    parser.add_argument("--keep", required=True)
    parser.add_argument("--needs", action="append", default=[])
    parser.add_argument("--timeout", type=int, default=400)
    given = parser.parse_args()
    if not given.qgis or not os.access(given.qgis, os.X_OK):
        skip("no QGIS to start")
    if not shutil.which("xvfb-run"):
        skip("no xvfb-run")
    for path in given.needs + [given.engine]:
        if not os.path.exists(path):
            skip(f"{path} is missing")

    scripts = os.path.dirname(os.path.abspath(__file__))
    shutil.rmtree(given.keep, ignore_errors=True)
    os.makedirs(given.keep)
    with tempfile.TemporaryDirectory(prefix="orthoscribe-qgis-") as work:
        ini = os.path.join(work, "profiles", "default", "QGIS", "QGIS3.ini")
        os.makedirs(os.path.dirname(ini))
        folders = ", ".join(filter(None, (given.plugins, given.probe)))
        with open(ini, "w", encoding="utf-8") as file:
            file.write(PROFILE.format(plugins=folders, extra="liborthoscribeprobe=true" if given.probe else ""))
        # QGIS asks before it quits when layers lie in the temporary folder, so that must not be ours.
        temporary = os.path.join(work, "tmp")
        os.makedirs(temporary)
        if given.scene is not None:
            scene.write(os.path.join(work, "scene.tif"), given.scene)
        environment = os.environ | {
            "ORTHOSCRIBE_ENGINE": given.engine,
            "ORTHOSCRIBE_FAKE_FOLDER": work,
            "ORTHOSCRIBE_TEST_FOLDER": work,
            "ORTHOSCRIBE_TEST_SCRIPTS": scripts,
            "QT_QPA_PLATFORM": "xcb",
            "XDG_RUNTIME_DIR": work,
            "XDG_DATA_HOME": os.path.join(work, "data"),
            "TMPDIR": temporary,
            "LC_ALL": "C.UTF-8",
        }
        command = ["xvfb-run", "-a", "-s", "-screen 0 1600x1000x24", given.qgis, "--nologo", "--noversioncheck", "--profiles-path", work]
        command += ["--code", given.script] if given.script else []
        command += ["--width", "1500", "--height", "900"]
        said = os.path.join(work, "output.txt")
        with open(said, "w", encoding="utf-8") as output:
            ended = run(command, environment, output, given.timeout)
        for name in os.listdir(work):
            if name.endswith((".png", ".json", ".txt", ".tif", ".gpkg")):
                shutil.copy(os.path.join(work, name), given.keep)
        distance = exported_error(work, given.scene) if given.scene is not None else None
    results_file = os.path.join(given.keep, "results.json")
    results = json.load(open(results_file, encoding="utf-8")) if os.path.exists(results_file) else []
    for result in results:
        print("ok  " if result["ok"] else "FAIL", result["name"], result["detail"] if result["ok"] else "\n" + result["detail"])
    if distance is not None:
        results.append({"name": "positions", "ok": distance <= 0.75})
        print(f"{'ok  ' if distance <= 0.75 else 'FAIL'} positions: largest corner error {distance:.2f} px")
    # A crash while quitting shows as a signal; QGIS's own status says nothing else.
    crashed = ended not in (0, 1)
    if crashed or not results:
        print(f"QGIS ended: {'in time only by force' if ended is None else ended}")
        print(open(os.path.join(given.keep, "output.txt"), encoding="utf-8", errors="replace").read()[-3000:])
    sys.exit(0 if results and all(result["ok"] for result in results) and not crashed else 1)


if __name__ == "__main__":
    main()
