"""Experiments whose cells do what a test of the engine needs: quick numbers, and faults on demand.

Loaded as ``load(f"{path}:Squares")``. Where a cell reports that it was run, it does so in the folder ``TOY_MARKS``.
"""

import os
import signal
import time
from pathlib import Path

import numpy as np

from deeplimits.sweeps import Claim, Experiment, ExperimentFigure, Grid, MomentDistance

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


class Figured(Experiment):
    """Six cells, of which the last fails; figures of all cells, of the one that fails, and one that breaks."""

    name = "figured"
    title = "A square is never below its root <for whole numbers>"
    libraries = LIBRARIES
    references = ("hanin2019products",)
    claims = (
        Claim(
            "squares-grow", "i² ≥ i", "hanin2019products, theorem 1", 0.1, lambda t: [MomentDistance("i", 0, 9, 0.001)]
        ),
        Claim(
            "squares-shrink", "i² ≤ 1", "hanin2019products", 0.1, lambda t: [MomentDistance("i", 3, 9, 0.1)], "deviates"
        ),
    )

    def grid(self, scale):
        return Grid.product({"i": range(6)})

    def run(self, cell, seed):
        if cell["i"] == 5:
            raise ZeroDivisionError("a cell that fails")
        return [{"square": float(cell["i"] ** 2), "square_standard_error": 0.25}]

    def figures(self, table):
        return (
            ExperimentFigure(
                "squares", "Squares grow", "i² against i, & what a limit says.", table, draw_squares, ("squares-grow",)
            ),
            ExperimentFigure("of-nothing", "Nothing is drawn of nothing", "", table.filter(i=5), draw_squares),
            ExperimentFigure("broken", "A drawing that breaks", "", table, break_down, alt="Nothing to see"),
        )


def draw_squares(rows):
    """Draw with every colour of the visual language."""
    from matplotlib.figure import Figure

    from deeplimits.figures.style import FAINT_INK, INK, LIMIT_STYLES, SIMULATION_FILL, shades

    figure = Figure(figsize=(7.2, 3), layout="constrained")
    axes = figure.subplots()
    axes.axhspan(0, 4, color=SIMULATION_FILL)
    axes.plot(rows["i"].to_numpy(), rows["square"].to_numpy(), "o", color=INK)
    for k, color in enumerate([*shades(5), FAINT_INK, *(style.color for style in LIMIT_STYLES.values())]):
        axes.plot([0, 4], [k, k + 1], color=color)
        axes.text(4, k + 1, f"label {k}", color=color)
    return figure


def break_down(rows):
    """Fail, as a drawing may."""
    raise KeyError("no such column")
