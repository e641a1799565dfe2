"""The cells at each scale: few, as one sample of networks serves several panels."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from deeplimits.experiments.log_gaussian.network import DEFAULTS
from deeplimits.sweeps import Grid

BALANCED = {"kind": "balanced-resnet"}
ACTIVATIONS = ("leaky-relu:1,0.5", "tanh")
# Of the squared scales, α² + λ² = 1; the sign is that of α. 1/2 is in the main part of the grid.
SKIP_SHARES = (-0.8, -0.5, -0.2, 0.2, 0.8, 0.95)
MORE_SKIP_SHARES = (-0.9, -0.65, -0.35, -0.05, 0.05, 0.35, 0.65, 0.9)
PAIR_CORRELATION = 0.3

_DEMO_NETWORKS, _PAPER_NETWORKS = 4000, 1_000_000
# Width, depth, networks at scale quick. Where all layers are measured, each of them is a network of its own depth.
_LAWS = ((20, 5), (50, 5), (100, 2), (100, 5), (100, 10), (200, 20), (100, 100))
_LAYERED = (
    (20, 50, 50_000),
    (20, 200, 30_000),
    (50, 20, 100_000),
    (50, 50, 100_000),
    (50, 200, 100_000),
    (100, 20, 200_000),
    (100, 50, 50_000),
    (100, 200, 100_000),
    (200, 50, 100_000),
    (200, 200, 50_000),
    (400, 20, 100_000),
    (400, 200, 20_000),
)
_BALANCED_LAWS = ((100, 10, 100_000), (50, 50, 100_000), (100, 20, 200_000), (100, 50, 100_000), (100, 100, 100_000))
_BALANCED_LAYERED = ((100, 200, 30_000), (200, 200, 20_000))
_OUTPUT_DIMS = ((20, 1), (100, 1), (20, 100))
# Training: width, depths, seeds, steps. At width 20, depth/width is 0.1, 0.25, 0.5, 1 and 2.
_TRAIN_SIZE = 30
_TRAINED_AT_DEMO = (20, (20,), 40, 16)
_TRAINED_AT_QUICK = (20, (2, 5, 10, 20, 40), 220, 16)
_TRAINED_AT_PAPER = ((20, (2, 5, 10, 20, 40), 2000, 64), (40, (4, 10, 20, 40, 80), 1000, 64))


def grid(scale: str) -> Grid:
    """Return the cells of ``scale``: a handful of small ones, all panels, or all panels with 10⁶ networks each."""
    if scale == "demo":
        return Grid.cells([*_demo(), *_training(*_TRAINED_AT_DEMO)])
    cells = list(_quick())
    if scale == "paper":
        cells += [_skip(share, _PAPER_NETWORKS) for share in MORE_SKIP_SHARES]
        cells += [_stable(width, _PAPER_NETWORKS) for width in (50, 200)]
        cells = [{**cell, "num_networks": _PAPER_NETWORKS} for cell in cells]
        return Grid.cells([*cells, *(cell for shape in _TRAINED_AT_PAPER for cell in _training(*shape))])
    return Grid.cells([*cells, *_training(*_TRAINED_AT_QUICK)])


def _demo() -> Iterator[dict[str, Any]]:
    yield _cell(100, 50, _DEMO_NETWORKS, "layers")
    yield _skip(-0.5, _DEMO_NETWORKS)
    yield _stable(50, _DEMO_NETWORKS // 4)
    yield _cell(100, 50, _DEMO_NETWORKS, "law", **BALANCED)
    yield _cell(100, 10, _DEMO_NETWORKS, "law")
    yield _cell(50, 50, 4 * _DEMO_NETWORKS, "law")


def _quick() -> Iterator[dict[str, Any]]:
    for width, depth in _LAWS:
        yield _cell(width, depth, 100_000, "law")
    for width, depth, num_networks in _LAYERED:
        yield _cell(width, depth, num_networks, "layers")
    for width, depth, num_networks in _BALANCED_LAWS:
        yield _cell(width, depth, num_networks, "law", **BALANCED)
    for width, depth, num_networks in _BALANCED_LAYERED:
        yield _cell(width, depth, num_networks, "layers", **BALANCED)
    for depth, output_dim in _OUTPUT_DIMS:
        yield _cell(100, depth, 100_000, "law", output_dim=output_dim)
    for activation in ACTIVATIONS:
        yield _cell(100, 50, 50_000, "layers", activation=activation)
    for share in SKIP_SHARES:
        yield _skip(share, 40_000)
    yield _stable(100, 15_000)
    yield _cell(100, 50, 10_000, "pair", input_correlation=PAIR_CORRELATION)


def _skip(share: float, num_networks: int) -> dict[str, Any]:
    """Return a network whose skip connection carries ``share`` of the variance, with its sign."""
    scales = {"skip_scale": math.copysign(math.sqrt(abs(share)), share), "branch_scale": math.sqrt(1 - abs(share))}
    return _cell(100, 50, num_networks, "layers", **scales)


def _stable(width: int, num_networks: int) -> dict[str, Any]:
    """Return two inputs of a network as deep as wide with α = 1, λ² = 1/depth: their correlation has a limit."""
    scales = {"skip_scale": 1.0, "branch_scale": width**-0.5}
    return _cell(width, width, num_networks, "pair", input_correlation=PAIR_CORRELATION, **scales)


def _training(width: int, depths: Sequence[int], seeds: int, steps: int) -> Iterator[dict[str, Any]]:
    """Yield vanilla and Balanced networks to be trained on digits from ``seeds`` initial weights."""
    setting = {"data": "digits", "train_size": _TRAIN_SIZE, "steps": steps}
    for depth in depths:
        for kind in (DEFAULTS["kind"], BALANCED["kind"]):
            yield _cell(width, depth, seeds, "training", kind=kind, **setting)


def _cell(width: int, depth: int, num_networks: int, measures: str, **fields: Any) -> dict[str, Any]:
    shape = {"width": width, "depth": depth, "num_networks": num_networks, "measures": measures}
    return {**DEFAULTS, **shape, **fields}
