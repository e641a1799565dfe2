"""The cells at each scale; one cell trains networks of one depth from several seeds.

The hyperparameters were fixed before the first run: they are those of the run script published with the paper, whose
figures' own are not recorded. The slower learning rate shows how much hangs on that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from deeplimits.sweeps import Grid
from deeplimits.weights import depth_grid

TANH, RELU = "tanh-shared", "relu-per-layer"
NETWORKS = {TANH: ("tanh", "shared"), RELU: ("relu", "per-layer")}
"""Run → activation and δ."""
LEARNING_RATE, SLOW = 0.01, 0.001
QUICK_DEEPEST, PAPER_DEEPEST = 100, 10_000
TREND_DEPTHS = (2539, 3047, 3657, 4388)  # whose mean is the trend in the paper
DEFAULTS: dict[str, Any] = {
    "train_size": 0,
    "learning_rate": LEARNING_RATE,
    "compares": False,
    "depths": [],
    "trend_depths": [],
    "points": 0,
}


def grid(scale: str) -> Grid:
    """Return the cells of ``scale``."""
    cells = {"demo": _demo, "quick": _quick, "paper": _paper}[scale]()
    return Grid.cells({**DEFAULTS, **cell} for cell in cells)


def _demo() -> Iterator[dict[str, Any]]:
    for run in NETWORKS:
        yield from _scaling(run, "ode", (4, 8, 16, 32), 3, compared=(32,), train_size=512)


def _quick() -> Iterator[dict[str, Any]]:
    depths = depth_grid(QUICK_DEEPEST)
    # More of those with ReLU: some of them stall, and their weights differ more.
    for run, seeds in ((TANH, 6), (RELU, 24)):
        yield from _scaling(run, "ode", depths, seeds, compared=(12, 26, 46, 95))
        yield _denoising(run, "ode", (55, 66, 79, 95), (55, 66, 79, 95), 50, 8)
        yield from _scaling(run, "ode", depths, seeds, learning_rate=SLOW)


def _paper() -> Iterator[dict[str, Any]]:
    depths = depth_grid(PAPER_DEEPEST)
    tested = [depth for depth in depths if 500 < depth <= 4388]
    for run in NETWORKS:
        yield from _scaling(run, "ode", depths, 4, compared=(12, 46, 197, 850))
        yield _denoising(run, "ode", tested, TREND_DEPTHS, 500, 6)
        yield from _scaling(run, "ode", depths, 4, learning_rate=SLOW)
        yield from _scaling(run, "mnist", depths, 2)


def _scaling(
    run: str, data: str, depths: Sequence[int], seeds: int, compared: Sequence[int] = (), **fields: Any
) -> Iterator[dict[str, Any]]:
    for depth in depths:
        cell = {"measures": "scaling", "run": run, "data": data, "depth": depth, "seeds": seeds, **fields}
        yield {**cell, "compares": depth in compared}


def _denoising(
    run: str, data: str, depths: Sequence[int], trend: Sequence[int], points: int, seeds: int
) -> dict[str, Any]:
    cell = {"measures": "denoising", "run": run, "data": data, "depth": max(depths), "seeds": seeds}
    return {**cell, "depths": list(depths), "trend_depths": list(trend), "points": points}
