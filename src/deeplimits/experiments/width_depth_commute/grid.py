"""The cells at each scale: every order of limits on one grid of widths and depths, and what is shown beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from deeplimits.experiments.width_depth_commute.network import DEFAULTS, FIXED
from deeplimits.sweeps import Grid

CORRELATIONS = [-0.5, 0.0, 0.5]
PAIR_WIDTH, PAIR_DEPTH = 1000, 100
JUDGED_LAYERS = (20, 50, 100)
ACTIVATIONS = ("tanh", "gelu")
NARROW = 2
REGRESSION_DEPTHS = [1, 2, 4, 8, 16, 32, 64]
REGRESSION_DEPTH = 16

_WIDTHS, _DEPTHS = (16, 64, 256, 1024), (4, 16, 64, 256)
# Neuron-layers that a cell draws, within these numbers of networks; widths whose variances are claimed have twice that.
_EFFORT = {"demo": (1.5e6, 200, 3000), "quick": (3e8, 400, 40_000), "paper": (2e10, 4000, 400_000)}
JUDGED_WIDTHS = (64, 256)


def grid(scale: str) -> Grid:
    """Return the cells of ``scale``: a handful of small ones, a grid up to width and depth 1024, or a larger one."""
    cells = {"demo": _demo, "quick": _quick, "paper": _paper}[scale]()
    return Grid.cells({**DEFAULTS, **cell} for cell in cells)


def _demo() -> Iterator[dict[str, Any]]:
    yield _square("demo", 16, 16)
    yield {"measures": "regression", "data": "circle", "width": 64, "depth": 8, "num_networks": 20}


def _quick() -> Iterator[dict[str, Any]]:
    yield from _squares("quick", _WIDTHS, _DEPTHS)
    yield from _beside("quick", 20_000)
    yield from _regressions((64, 128, 256, 512, 1024), 100, 12)


def _paper() -> Iterator[dict[str, Any]]:
    yield from _squares("paper", (*_WIDTHS[:-1], 512, 1024, 4096), (2, *_DEPTHS, 1024))
    yield from _beside("paper", 400_000)
    yield from _regressions((64, 128, 256, 512, 1024, 2048), 1000, 30)


def _squares(scale: str, widths: tuple[int, ...], depths: tuple[int, ...]) -> Iterator[dict[str, Any]]:
    """Yield the grid, its diagonal to 1024, widths at which the depth's own error shows, and both controls."""
    shapes = [(width, depth) for width in widths for depth in depths] + [(1024, 1024), (4096, 4), (4096, 8)]
    for width, depth in dict.fromkeys(shapes):
        yield _square(scale, width, depth)
    for activation in ACTIVATIONS:
        yield _square(scale, 256, 64, activation=activation)
    for size in (16, 64, 256):
        yield _square(scale, size, size, branch=FIXED)


def _beside(scale: str, marginals: int) -> Iterator[dict[str, Any]]:
    """Yield the correlation paths and the single preactivations, each with its control."""
    pairs = {"quick": 400, "paper": 5000}[scale]
    shape = {"measures": "pair", "input_correlations": CORRELATIONS, "width": PAIR_WIDTH, "depth": PAIR_DEPTH}
    yield {**shape, "num_networks": pairs}
    yield {**shape, "num_networks": pairs // 10, "branch": FIXED}
    for width in (128, NARROW):
        yield {"measures": "marginal", "width": width, "depth": 32, "num_networks": marginals}


def _regressions(widths: tuple[int, ...], circles: int, digits: int) -> Iterator[dict[str, Any]]:
    for width in widths:
        shape = {"measures": "regression", "width": width, "depth": REGRESSION_DEPTH}
        yield {**shape, "data": "circle", "num_networks": circles}
        if width <= 512:
            # Test labels are counted at the largest width only.
            yield {**shape, "data": "digits", "num_networks": digits if width == 512 else max(4, digits // 4)}


def _square(scale: str, width: int, depth: int, **fields: Any) -> dict[str, Any]:
    effort, least, most = _EFFORT[scale]
    effort *= 2.0 if width in JUDGED_WIDTHS else 1.0
    networks = min(most, max(least, int(effort / width / depth) // 100 * 100))
    return {"measures": "square", "width": width, "depth": depth, "num_networks": networks, **fields}
