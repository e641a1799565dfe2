"""The cells at each scale: ratios against depth, exact moments, one histogram, and the map over exponent and law."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from deeplimits.sweeps import Grid

WIDTH = 40
DEPTHS = (10, 120, 230, 340, 450, 560, 670, 780, 890, 1000)
SMOOTH_DEPTHS = (120, 450, 1000)
INDEPENDENT, SMOOTH = [1.0, 0.5, 0.25], [2.0, 1.0, 0.5]
NARROW = 4
HISTOGRAM_WIDTH = 100
MAP_DEPTHS = (100, 1000)
HURSTS = (0.1, 0.3, 0.5, 0.7, 0.9)
MAP_EXPONENTS = [round(0.05 * step, 2) for step in range(5, 26)]
DEFAULTS: dict[str, Any] = {"block": "two-matrix", "inputs": 1}

_PAPER_EXPONENTS = [round(float(beta), 6) for beta in np.linspace(0, 1.3, 70)]
_PAPER_HURSTS = [round(float(hurst), 6) for hurst in np.linspace(0.05, 0.97, 51)]


def law_of(hurst: float) -> str:
    """Return the name of the law of fractional noise.

    >>> law_of(0.1)
    'fbm:0.1'
    """
    return f"fbm:{hurst:g}"


def grid(scale: str) -> Grid:
    """Return the cells of ``scale``."""
    cells = {"demo": _demo, "quick": _quick, "paper": _paper}[scale]()
    return Grid.cells({**DEFAULTS, **cell} for cell in cells)


def _demo() -> Iterator[dict[str, Any]]:
    yield from _against_depth(DEPTHS[:2], 60)
    yield from _smooth(SMOOTH_DEPTHS[:1], 8)
    yield from _squares(300, 4000)
    yield _histogram(100, 36)
    yield from (_map(law_of(hurst), 100, MAP_EXPONENTS[::4], 6, 4) for hurst in HURSTS[::2])


def _quick() -> Iterator[dict[str, Any]]:
    # Most where one depth alone is claimed something of.
    yield from _against_depth(DEPTHS[:-1], 120)
    yield from _against_depth(DEPTHS[-1:], 400)
    yield from _smooth(SMOOTH_DEPTHS[:-1], 20)
    yield from _smooth(SMOOTH_DEPTHS[-1:], 12)
    yield from _squares(4000, 60_000)
    yield _histogram(100, 4000)
    yield from _maps(16, 4)


def _paper() -> Iterator[dict[str, Any]]:
    yield from _against_depth(DEPTHS, 1000)
    yield from _smooth((10, *SMOOTH_DEPTHS), 200)
    yield from _squares(40_000, 400_000)
    yield _histogram(1000, 10_000)
    yield from _maps(200, 10)
    yield from (_map(law_of(hurst), 1000, _PAPER_EXPONENTS, 5, 10) for hurst in _PAPER_HURSTS)


def _against_depth(depths: tuple[int, ...], draws: int) -> Iterator[dict[str, Any]]:
    for depth in depths:
        cell = {"measures": "depth", "law": "iid", "width": WIDTH, "depth": depth}
        yield {**cell, "exponents": INDEPENDENT, "num_networks": draws}


def _smooth(depths: tuple[int, ...], draws: int) -> Iterator[dict[str, Any]]:
    for depth in depths:
        cell = {"measures": "depth", "law": "rbf", "width": WIDTH, "depth": depth}
        yield {**cell, "exponents": SMOOTH, "num_networks": draws, "inputs": 4}


def _squares(draws: int, narrow_draws: int) -> Iterator[dict[str, Any]]:
    """Yield the exact second moment at two widths, and the narrow network of one matrix that does not have it."""
    cell = {"measures": "square", "law": "iid", "depth": 100, "exponents": [0.5, 1.0]}
    yield {**cell, "width": WIDTH, "num_networks": draws}
    for block in ("two-matrix", "one-matrix"):
        yield {**cell, "width": NARROW, "num_networks": narrow_draws, "block": block}


def _histogram(depth: int, draws: int) -> dict[str, Any]:
    cell = {"measures": "histogram", "law": "iid", "width": HISTOGRAM_WIDTH, "depth": depth}
    return {**cell, "exponents": [0.5], "num_networks": draws}


def _maps(draws: int, inputs: int) -> Iterator[dict[str, Any]]:
    for depth in MAP_DEPTHS:
        yield from (_map(law_of(hurst), depth, MAP_EXPONENTS, draws, inputs) for hurst in HURSTS)


def _map(law: str, depth: int, exponents: list[float], draws: int, inputs: int) -> dict[str, Any]:
    cell = {"measures": "map", "law": law, "width": WIDTH, "depth": depth}
    return {**cell, "exponents": exponents, "num_networks": draws, "inputs": inputs}
