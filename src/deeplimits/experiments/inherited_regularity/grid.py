"""The cells at each scale: trainings whose weight paths are looked at, and the map of accuracies."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np

from deeplimits.sweeps import Grid

WIDTH, DEPTH = 30, 1000
PATHS = (("rbf", 1.0), ("iid", 1.0), ("iid", 0.5))  # the three trainings of the paper's figure
EXPLODING = ("fbm:0.9", 0.1)
ON_THE_LINE = (("fbm:0.5", 0.5), ("fbm:0.9", 0.9))
INDICES = (0.1, 0.5, 0.7, 0.9)  # exponents and Hurst indices of the coarse map
RATE, RATES, PAPER_RATES = 1e-3, [1e-3, 1e-2, 1e-1], [1e-4, 1e-3, 1e-2, 1e-1, 1.0]
DEFAULTS: dict[str, Any] = {"block": "one-matrix", "width": WIDTH}

_PAPER_INDICES = [round(float(index), 6) for index in np.linspace(0.1, 0.9, 10)]
# Training and test images. The paper has 60000 and 10000 of MNIST; the bundled ones are 5000.
_SIZES = {"mnist": (4000, 1000), "cifar10": (50_000, 10_000)}
_FEW = {"train_size": 4000, "test_size": 1000}


def law_of(hurst: float) -> str:
    """Return the name of the law of fractional noise.

    >>> law_of(0.1)
    'fbm:0.1'
    """
    return f"fbm:{hurst:g}"


def grid(scale: str, data: str) -> Grid:
    """Return the cells of ``scale``: few steps of shallow networks, few epochs on few images, or the paper's grid."""
    made: dict[str, Callable[[], Iterator[dict[str, Any]]]]
    made = {"demo": _demo, "quick": _quick, "paper": partial(_paper, data)}
    return Grid.cells({**DEFAULTS, "data": data, **cell} for cell in made[scale]())


def _demo() -> Iterator[dict[str, Any]]:
    sizes = {"train_size": 500, "test_size": 500, "epochs": 6, "seeds": 1}
    yield from (_paths(law, exponent, depth=200, **sizes) for law, exponent in PATHS)
    corners = (EXPLODING, *ON_THE_LINE)
    yield from (_map(law, exponent, [1e-2], depth=DEPTH, **{**sizes, "epochs": 2}) for law, exponent in corners)


def _quick() -> Iterator[dict[str, Any]]:
    yield from (_paths(law, exponent, depth=DEPTH, epochs=10, seeds=2, **_FEW) for law, exponent in PATHS)
    yield from _maps(INDICES, RATES, epochs=2, **_FEW)


def _paper(data: str) -> Iterator[dict[str, Any]]:
    train, test = _SIZES[data]
    sizes = {"train_size": train, "test_size": test, "epochs": 10}
    for block in ("one-matrix", "two-matrix"):
        yield from (_paths(law, exponent, depth=DEPTH, seeds=3, block=block, **sizes) for law, exponent in PATHS)
    yield from _maps(_PAPER_INDICES, PAPER_RATES, **sizes)


def _maps(indices: Sequence[float], rates: list[float], **sizes: Any) -> Iterator[dict[str, Any]]:
    for hurst in indices:
        yield from (_map(law_of(hurst), exponent, rates, depth=DEPTH, seeds=1, **sizes) for exponent in indices)


def _paths(law: str, exponent: float, **fields: Any) -> dict[str, Any]:
    return {"measures": "paths", "law": law, "exponent": exponent, "rates": [RATE], **fields}


def _map(law: str, exponent: float, rates: list[float], **fields: Any) -> dict[str, Any]:
    return {"measures": "map", "law": law, "exponent": exponent, "rates": rates, **fields}
