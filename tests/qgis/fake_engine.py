#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""An engine for tests of the plugin: speaks the protocol of `orthoscribe serve` and sees coloured shapes.

Red rectangles are airplanes, blue ones ships. It answers in the dialect "starter" and finds shapes by the moments of their
pixels, so that positions can be compared; or as "rscovlm_polygon", which zooms in, classifies, compares two pictures and finds
what a phrase means. Needs nothing but Python.
As `train` it pretends to train an expert: progress, a folder with an adapter, and figures; it fails where the label is "nothing".
  ORTHOSCRIBE_FAKE_FOLDER   gets "adapter" (the expert that was asked last) and holds the files "delay_ms" (pause before every word) and "dialect", both read anew each time, and gets
                            "pid"
"""
import base64
import http.server
import json
import math
import os
import sys
import threading
import time
import zlib

COLOURS = {"airplane": (200, 30, 30), "ship": (30, 30, 200)}
LOG_PROBABILITIES = {"airplane": -0.1, "ship": -1.0}
SIDE = 256  # of the picture as the dialect speaks of it
# The scene's own. Much finer, and its shapes would be longer than the overlap of two windows: cut in both, found in neither.
GROUND_RESOLUTION_M = 0.5


def unfilter(data, width, height, channels):
    """Rows of a PNG after inflating, with their filters undone (PNG specification, section 9)."""
    stride = width * channels
    rows, previous, at = [], bytearray(stride), 0
    for _ in range(height):
        kind, row = data[at], bytearray(data[at + 1 : at + 1 + stride])
        at += 1 + stride
        for i in range(stride):
            left = row[i - channels] if i >= channels else 0
            up = previous[i]
            corner = previous[i - channels] if i >= channels else 0
            if kind == 1:
                row[i] = (row[i] + left) & 255
            elif kind == 2:
                row[i] = (row[i] + up) & 255
            elif kind == 3:
                row[i] = (row[i] + (left + up) // 2) & 255
            elif kind == 4:
                estimate = left + up - corner
                distances = [(abs(estimate - value), order, value) for order, value in enumerate((left, up, corner))]
                row[i] = (row[i] + min(distances)[2]) & 255
        rows.append(row)
        previous = row
    return rows


def read_png(data):
    at, packed, width, height, channels = 8, b"", 0, 0, 3
    while at < len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        body = data[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            width, height = int.from_bytes(body[:4], "big"), int.from_bytes(body[4:8], "big")
            channels = {2: 3, 6: 4}[body[9]]
        elif kind == b"IDAT":
            packed += body
        at += 12 + length
    return width, height, channels, unfilter(zlib.decompress(packed), width, height, channels)


def is_colour(row, at, colour):
    return all(abs(row[at + band] - colour[band]) < 60 for band in range(3))


def blobs(picture, colour):
    """Sets of connected pixels of a colour that do not touch the border."""
    width, height, channels, rows = picture
    todo = {(x, y) for y in range(height) for x in range(width) if is_colour(rows[y], x * channels, colour)}
    while todo:
        found, edge = [], [todo.pop()]
        while edge:
            x, y = edge.pop()
            found.append((x, y))
            for neighbour in ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)):
                if neighbour in todo:
                    todo.remove(neighbour)
                    edge.append(neighbour)
        whole = all(0 < x < width - 1 and 0 < y < height - 1 for x, y in found)
        if whole and len(found) >= 12:
            yield found


def box_of(pixels):
    """Centre, sides and angle of the rectangle with the same moments: a side s has the variance s * s / 12."""
    n = len(pixels)
    cx, cy = sum(x + 0.5 for x, _ in pixels) / n, sum(y + 0.5 for _, y in pixels) / n
    xx = sum((x + 0.5 - cx) ** 2 for x, _ in pixels) / n + 1 / 12
    yy = sum((y + 0.5 - cy) ** 2 for _, y in pixels) / n + 1 / 12
    xy = sum((x + 0.5 - cx) * (y + 0.5 - cy) for x, y in pixels) / n
    middle, spread = (xx + yy) / 2, math.hypot((xx - yy) / 2, xy)
    angle = math.degrees(0.5 * math.atan2(2 * xy, xx - yy)) % 180
    return cx, cy, math.sqrt(12 * (middle + spread)), math.sqrt(12 * max(middle - spread, 0)), angle


def detections(picture, name):
    width, height = picture[:2]
    lines = []
    for pixels in blobs(picture, COLOURS.get(name, (255, 255, 255))):
        cx, cy, long, short, angle = box_of(pixels)
        numbers = (cx * SIDE / width, cy * SIDE / height, long * SIDE / width, short * SIDE / height, angle)
        lines.append(name + " " + " ".join(str(round(number)) for number in numbers))
    return "\n".join(lines) + "\n" if lines else "none"


def corners(box):
    cx, cy, long, short, angle = box
    c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    half = ((-long / 2, -short / 2), (long / 2, -short / 2), (long / 2, short / 2), (-long / 2, short / 2))
    return [(cx + x * c - y * s, cy + x * s + y * c) for x, y in half]


def seen_by_qwen(picture):
    """Scale from a picture to the one of sides that are multiples of 28."""
    width, height = picture[:2]
    return round(width / 28) * 28 / width, round(height / 28) * 28 / height


def place_to_see(picture):
    """Around the first ship, with as much again on each side."""
    pixels = min(blobs(picture, COLOURS["ship"]), key=min)
    xs, ys = [x for x, _ in pixels], [y for _, y in pixels]
    reach, (fx, fy) = 40, seen_by_qwen(picture)
    bounds = (min(xs) - reach) * fx, (min(ys) - reach) * fy, (max(xs) + reach) * fx, (max(ys) + reach) * fy
    call = {"name": "image_zoom_in", "arguments": {"bbox": [round(value) for value in bounds]}}
    return "<tool_call>\n" + json.dumps(call) + "\n</tool_call>"


def polygons(picture, text):
    fx, fy = seen_by_qwen(picture)
    lines = []
    for pixels in blobs(picture, COLOURS["ship" if "blue" in text else "airplane"]):
        numbers = [round(value) for x, y in corners(box_of(pixels)) for value in (x * fx, y * fy)]
        lines.append(",".join(map(str, numbers)) + " " + text.removeprefix("find the "))
    return "\n".join(lines) + "\n" if lines else "There are none."


def parts_of(message):
    content = message["content"]
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def answer_of_rscovlm(messages):
    texts = ["".join(part["text"] for part in parts_of(message) if part["type"] == "text") for message in messages]
    pictures = [
        read_png(base64.b64decode(part["image_url"]["url"].split(",", 1)[1]))
        for message in messages
        for part in parts_of(message)
        if part["type"] != "text"
    ]
    reds = lambda picture: sum(1 for _ in blobs(picture, COLOURS["airplane"]))  # noqa: E731
    if "image_zoom_in" in texts[0]:
        return place_to_see(pictures[0]) if len(pictures) == 1 else f"Closer by I see {sum(1 for _ in blobs(pictures[-1], COLOURS['ship']))} blue."
    if len(pictures) == 2:
        return f"There were {reds(pictures[0])} red shapes, and now there are {reds(pictures[1])}."
    if "polygon vertices" in texts[0]:
        return polygons(pictures[0], texts[-1])
    return "harbor" if texts[-1].startswith("Classify") else f"I see {reds(pictures[0])} red shapes."


def answer(messages):
    if dialect() == "rscovlm_polygon":
        return answer_of_rscovlm(messages), -0.1
    text, picture = "", None
    for part in messages[-1]["content"]:
        if part["type"] == "text":
            text = part["text"]
        else:
            picture = read_png(base64.b64decode(part["image_url"]["url"].split(",", 1)[1]))
    if text.startswith("Detect: "):
        name = text[len("Detect: ") :].strip()
        return detections(picture, name), LOG_PROBABILITIES.get(name, 0.0)
    counts = {name: sum(1 for _ in blobs(picture, colour)) for name, colour in COLOURS.items()}
    seen = f"{counts['airplane']} red and {counts['ship']} blue shapes on a plain ground"
    return ("The picture shows " if text.startswith("Describe") else f'To "{text}": I see ') + seen + ".", -0.01


def told(name, otherwise):
    """What the test wrote into a file of this name."""
    try:
        with open(os.path.join(os.environ["ORTHOSCRIBE_FAKE_FOLDER"], name), encoding="ascii") as file:
            return file.read().strip() or otherwise
    except (OSError, KeyError):
        return otherwise


def dialect():
    return told("dialect", "starter")


def note(name, text):
    folder = os.environ.get("ORTHOSCRIBE_FAKE_FOLDER")
    if folder:
        with open(os.path.join(folder, name), "w", encoding="ascii") as file:
            file.write(text)


def pause():
    time.sleep(int(told("delay_ms", "0")) / 1000)


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *arguments):
        pass

    def allowed(self):
        if self.headers.get("Authorization") == "Bearer " + os.environ["ORTHOSCRIBE_TOKEN"]:
            return True
        self.send_error(401)
        return False

    def send_json(self, value):
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path == "/health":
            self.send_json({"status": "ready"})
        elif self.path == "/v1/models" and self.allowed():
            extension = {"family": "fake", "dialect": dialect(), "device": "cpu", "precision": "float32", "contentHash": "0" * 64}
            extension |= {"imageSidePx": SIDE, "groundResolutionM": GROUND_RESOLUTION_M, "classes": list(COLOURS)}
            extension |= {"offeredAdapters": offered()}
            self.send_json({"object": "list", "data": [{"id": "fake", "object": "model", "orthoscribe": extension}]})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self.allowed():
            return
        note("adapter", body.get("orthoscribe", {}).get("adapter", ""))
        text, log_probability = answer(body["messages"])
        words = text.replace("\n", "\n ").split(" ")
        words = [word + ("" if word.endswith("\n") or last else " ") for word, last in zip(words, [False] * (len(words) - 1) + [True])]
        if not body.get("stream"):
            tokens = [{"token": text, "logprob": log_probability, "bytes": list(text.encode()), "top_logprobs": []}]
            choice = {"index": 0, "message": {"role": "assistant", "content": text}, "logprobs": {"content": tokens}, "finish_reason": "stop"}
            self.send_json({"choices": [choice], "usage": {"prompt_tokens": 1, "completion_tokens": 1}})
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for word in words:
            pause()
            tokens = [{"token": word, "logprob": log_probability, "bytes": list(word.encode()), "top_logprobs": []}]
            self.send_event({"choices": [{"index": 0, "delta": {"content": word}, "logprobs": {"content": tokens}, "finish_reason": None}]})
        last = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
        if body.get("orthoscribe", {}).get("aspects"):
            parts = [{"name": "theme", "text": "A plain ground.", "own_expert": True}, {"name": "objects", "text": text, "own_expert": True}]
            last["orthoscribe"] = {"aspects": {"parts": parts, "router": "template", "fusion": "concat", "fusion_fallback": False}}
        self.send_event(last)
        self.wfile.write(b"data: [DONE]\n\n")

    def send_event(self, value):
        self.wfile.write(b"data: " + json.dumps(value).encode() + b"\n\n")
        self.wfile.flush()


def argument(name, default=""):
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else default


def offered():
    return [os.path.basename(value) for option, value in zip(sys.argv, sys.argv[1:]) if option == "--offer"]


def train():
    if argument("--as") == "nothing":
        print("orthoscribe: the label 'nothing' is no class of this model", file=sys.stderr)
        sys.exit(1)
    steps = 5
    for number in range(steps):
        pause()
        line = {"progress": number / steps, "message": f"Training, step {number}", "loss": 2.0 / (number + 1), "secondsLeft": steps - number}
        print(json.dumps(line), flush=True)
    folder = argument("--output")
    os.makedirs(folder)
    with open(os.path.join(folder, "adapter_config.json"), "w", encoding="ascii") as file:
        file.write("{}")
    before, after = ({"ship": {"averagePrecision": value, "precision": value, "recall": value, "truths": 7}} for value in (0.25, 0.5))
    print(json.dumps({"progress": 1, "message": "Done", "result": {"before": before, "after": after}}), flush=True)


def main():
    if sys.argv[1:2] == ["train"]:
        return train()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *arguments: None
    note("pid", str(os.getpid()))
    print(json.dumps({"url": f"http://127.0.0.1:{server.server_port}", "model": "fake", "pid": os.getpid()}), flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    # With --with-parent: the parent holds the other end.
    sys.stdin.buffer.read()


if __name__ == "__main__":
    main()
