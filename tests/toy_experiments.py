"""Experiments whose cells do what a test of the engine needs: quick numbers, and faults on demand.

Loaded as ``load(f"{path}:Squares")``. Where a cell reports that it was run, it does so in the folder ``TOY_MARKS``.
"""

import os
import signal
import time
from pathlib import Path

import numpy as np

from deeplimits.sweeps import Experiment, Grid

LIBRARIES = ("deeplimits", "numpy")


def mark(name):
    """Leave a file that says that ``name`` happened, and return how often it has."""
    folder = Path(os.environ["TOY_MARKS"])
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / name).open("ab") as file:
        file.write(b".")
        return file.tell()


class Squares(Experiment):
    """200 cells, three numbers each; ``TOY_PAUSE`` seconds are spent in each, 20 ms by default."""

    name = "squares"
    libraries = LIBRARIES

    def grid(self, scale):
        return Grid.product({"i": range(200)})

    def run(self, cell, seed):
        time.sleep(float(os.environ.get("TOY_PAUSE", "0.02")))
        draws = np.random.default_rng(seed).normal(size=3)
        return [
            {"j": j, "square": cell["i"] ** 2, "draw": draw, "odd": cell["i"] % 2 == 1} for j, draw in enumerate(draws)
        ]

    def cost(self, cell):
        return 0.02


class Quick(Squares):
    """40 of them."""

    name = "quick-squares"

    def grid(self, scale):
        return Grid.product({"i": range(40)})


class Trivial(Experiment):
    """10,000 cells that cost nothing: the engine's own time."""

    name = "trivial"
    libraries = LIBRARIES

    def grid(self, scale):
        return Grid.product({"i": range(10_000)})

    def run(self, cell, seed):
        return [{"square": cell["i"] ** 2, "seed_used": seed}]

    def cost(self, cell):
        return 1e-4


class Faulty(Experiment):
    """Cells that fail in every way; each leaves a mark first."""

    name = "faulty"
    libraries = LIBRARIES

    def grid(self, scale):
        return Grid.product(
            {"behave": ["well", "raise", "raise-once", "die", "die-once", "hang", "exit", "mix"], "i": [0, 1]}
        )

    def run(self, cell, seed):
        behaviour = cell["behave"]
        times = mark(f"{behaviour}-{cell['i']}")
        if behaviour == "raise" or (behaviour == "raise-once" and times == 1):
            raise ZeroDivisionError("a cell that fails")
        if behaviour == "die" or (behaviour == "die-once" and times == 1):
            os.kill(os.getpid(), signal.SIGKILL)
        if behaviour == "hang":
            time.sleep(3600)
        if behaviour == "exit":
            raise SystemExit(7)
        return [{"value": "text" if behaviour == "mix" else cell["i"] + 0.5}]

    def cost(self, cell):
        return {"well": 9.0, "mix": 0.1}.get(cell["behave"], 1.0)
