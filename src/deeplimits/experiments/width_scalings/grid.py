"""The cells at each scale; one cell trains one network shape in several parametrizations, with one compiled program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from deeplimits.sweeps import Grid

REFERENCE_WIDTH = 128
MODES = ("mean-field", "intermediate:0.75", "ntk", "standard")
LEARNING_RATE, SLOW, RMSPROP_RATE = 0.02, 0.0002, 0.0002
# The plane of scalings: exponents of the weights across, of the learning rates upwards.
WEIGHT_EXPONENTS, RATE_EXPONENTS = (-1.25, -1.0, -0.75, -0.5, -0.25), (-0.5, 0.0, 0.5, 1.0, 1.5)
DEFAULTS: dict[str, Any] = {"activation": "leaky-relu:1,0.1", "batch": 0, "kernel_inputs": 32, "beside_width": 0}


def run_name(parametrization: str, learning_rate: float) -> str:
    """Return how a cell writes one of its runs.

    >>> run_name("ntk", 0.02)
    'ntk@0.02'
    """
    return f"{parametrization}@{learning_rate!r}"


def map_run(weight: float, rate: float) -> str:
    """Return how a cell writes a point of the plane of scalings."""
    return run_name(f"exponents:{weight!r},{rate!r}", LEARNING_RATE)


BASE = [run_name(mode, LEARNING_RATE) for mode in MODES]
SLOWLY = [run_name(mode, SLOW) for mode in ("mean-field", "ntk")]
DEEP = [run_name(mode, LEARNING_RATE) for mode in ("mean-field", "ntk", "standard")]
LIMITS = [run_name(mode, LEARNING_RATE) for mode in ("mean-field", "init-corrected-mean-field", "ntk")]
NORMALISED = [run_name(mode, RMSPROP_RATE) for mode in ("mean-field", "ntk", "standard")]
MAP = [map_run(weight, rate) for weight in WEIGHT_EXPONENTS for rate in RATE_EXPONENTS]
_SMALL_MAP = [map_run(weight, rate) for weight in (-1.0, -0.75, -0.5) for rate in (0.0, 0.5, 1.0)]


def grid(scale: str, data: str) -> Grid:
    """Return the cells of ``scale``: three widths and little data, a few minutes, or the paper's own grid."""
    cells = {"demo": _demo, "quick": _quick, "paper": _paper}[scale]()
    return Grid.cells({"data": data, **cell} for cell in cells)


def _demo() -> Iterator[dict[str, Any]]:
    sizes = {"train_size": 200, "test_size": 200, "seeds": 3}
    yield from _cells((128, 512), BASE, hidden=1, steps=50, **sizes)
    yield from _cells((128, 512), _SMALL_MAP, hidden=1, steps=1, kernel_inputs=0, **sizes)


def _quick() -> Iterator[dict[str, Any]]:
    sizes = {"train_size": 500, "test_size": 500, "seeds": 4}
    yield from _cells((128, 2048), [*BASE, *SLOWLY], hidden=1, steps=50, **{**sizes, "seeds": 8})
    yield from _cells((256, 512, 1024), BASE, hidden=1, steps=50, **{**sizes, "seeds": 8})
    for hidden in (2, 3):
        yield from _cells((128, 256, 512), DEEP, hidden=hidden, steps=50, **sizes)
    yield from _cells((128, 256, 512), NORMALISED, hidden=3, steps=50, optimizer="rmsprop", **sizes)
    yield from _cells((128, 512), DEEP, hidden=1, steps=250, **sizes)
    yield from _cells((128, 256, 512), MAP, hidden=1, steps=1, kernel_inputs=0, **sizes)
    yield from _beside((256, 512, 1024), **{**sizes, "seeds": 10})


def _paper() -> Iterator[dict[str, Any]]:
    sizes = {"train_size": 1000, "test_size": 2000, "seeds": 5}
    widths = tuple(2**power for power in range(7, 17))
    yield from _cells(widths, [*BASE, *SLOWLY], hidden=1, steps=50, **sizes)
    yield from _cells(widths[:8], DEEP, hidden=2, steps=50, **sizes)
    yield from _cells(widths[:7], DEEP, hidden=3, steps=50, **sizes)
    yield from _cells(widths[:7], NORMALISED, hidden=3, steps=50, optimizer="rmsprop", **sizes)
    yield from _cells(widths, DEEP, hidden=1, steps=500, **sizes)
    yield from _cells(widths, DEEP, hidden=1, steps=50, batch=100, optimizer="sgd", **sizes)
    yield from _cells(widths[:6], MAP, hidden=1, steps=1, kernel_inputs=0, **sizes)
    yield from _beside(widths[1:], **{**sizes, "seeds": 10})


def _beside(widths: Sequence[int], **fields: Any) -> Iterator[dict[str, Any]]:
    """Yield cells whose logits are compared with those of the reference width."""
    yield from _cells(widths, LIMITS, hidden=1, steps=50, kernel_inputs=0, beside_width=REFERENCE_WIDTH, **fields)


def _cells(widths: Sequence[int], runs: Sequence[str], **fields: Any) -> Iterator[dict[str, Any]]:
    for width in widths:
        yield {**DEFAULTS, "optimizer": "gd", "width": width, "runs": list(runs), **fields}
