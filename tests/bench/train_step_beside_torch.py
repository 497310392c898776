# SPDX-License-Identifier: GPL-2.0-or-later
"""Training steps of the starter beside the same model in PyTorch, in turns on one machine; prints ratios above 1 where ours is
faster. PyTorch may live elsewhere: give the command that runs its interpreter."""

import argparse
import json
import os
import shlex
import statistics
import subprocess


def ours(command, batch, steps):
    text = subprocess.run(command + [f"--batch={batch}", f"--benchmark_min_time={steps}x", "--benchmark_format=json"],
                          check=True, stdout=subprocess.PIPE, text=True).stdout
    return {run["name"].split("/")[0]: run["real_time"] for run in json.loads(text)["benchmarks"]}


def peers(command, batch, steps):
    best = {}
    for attention in ("fused", "spelled_out"):
        text = subprocess.run(command + ["--batch", str(batch), "--steps", str(steps), "--attention", attention],
                              check=True, stdout=subprocess.PIPE, text=True).stdout
        figures = json.loads(text)
        for name in ("decoder", "tower"):
            best[name] = min(best.get(name, float("inf")), figures[name]["milliseconds"])
    return best


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", help="train_step_bench, with whatever starts it")
    parser.add_argument("--python", default="python3", help="command of an interpreter that has torch")
    parser.add_argument("--batch", type=int, default=12)
    parser.add_argument("--steps", type=int, default=6)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    peer = shlex.split(arguments.python) + [os.path.join(here, "train_step_peer.py")]
    rounds = [(ours(shlex.split(arguments.program), arguments.batch, arguments.steps),
               peers(peer, arguments.batch, arguments.steps)) for _ in range(arguments.rounds)]
    for name in ("decoder", "tower"):
        mine = [first[name] for first, _ in rounds]
        other = [second[name] for _, second in rounds]
        ratios = sorted(b / a for a, b in zip(mine, other))
        print(f"{name}: ours {statistics.median(mine):.0f} ms, PyTorch {statistics.median(other):.0f} ms a step, "
              f"ratio {statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})")


if __name__ == "__main__":
    main()
