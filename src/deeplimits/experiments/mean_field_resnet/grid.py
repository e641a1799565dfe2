"""The cells at each scale: states forward, tangent kernels at initialisation, and training."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from deeplimits.sweeps import Grid

PARTICLES = 64  # of the cells against depth
DEPTHS = (4, 16, 64)
LARGEST = (32, 512)  # depth and particles of the largest networks trained
LEARNING_RATE = 0.5
STEPS = [0, 2, 4, 6, 8, 10, 14, 20, 30, 50, 100, 150, 200]
DEFAULTS: dict[str, Any] = {"law": "turning", "layers": "independent", "steps": []}


def grid(scale: str) -> Grid:
    """Return the cells of ``scale``."""
    cells = {"demo": _demo, "quick": _quick, "paper": _paper}[scale]()
    return Grid.cells({**DEFAULTS, **cell} for cell in cells)


def _demo() -> Iterator[dict[str, Any]]:
    yield from _forward([(4, PARTICLES), (16, PARTICLES)], 1000)
    yield from _kernels([(8, 64)], 60)
    yield from _training("resting", [(4, 64)], 4, STEPS[:9])


def _quick() -> Iterator[dict[str, Any]]:
    yield from _forward([(depth, PARTICLES) for depth in DEPTHS], 20_000)
    yield from _forward([(16, 4), (64, 4), (64, 16)], 20_000)
    yield from _forward([(4, PARTICLES), (64, PARTICLES)], 20_000, "shared")
    yield from _kernels([(8, 16), (64, 4)], 10_000)
    yield from _kernels([(8, 64), (32, 64)], 2500)
    for law in ("resting", "turning"):
        yield from _training(law, [(8, 32), (8, 128), (16, 256), LARGEST], 16, STEPS)


def _paper() -> Iterator[dict[str, Any]]:
    yield from _forward([(depth, size) for depth in DEPTHS for size in (4, 16, PARTICLES)], 100_000)
    yield from _forward([(depth, PARTICLES) for depth in DEPTHS], 100_000, "shared")
    yield from _kernels([(8, 16), (64, 4)], 20_000)
    yield from _kernels([(8, 64), (32, 64), (32, 512)], 4000)
    for law in ("resting", "turning"):
        yield from _training(law, [(8, 32), (8, 128), (16, 256), LARGEST, (64, 1024)], 32, STEPS)


def _forward(sizes: Sequence[tuple[int, int]], draws: int, layers: str = "independent") -> Iterator[dict[str, Any]]:
    for depth, particles in sizes:
        cell = {"measures": "forward", "layers": layers, "depth": depth, "particles": particles}
        yield {**cell, "num_networks": draws}


def _kernels(sizes: Sequence[tuple[int, int]], draws: int) -> Iterator[dict[str, Any]]:
    for depth, particles in sizes:
        yield {"measures": "kernel", "depth": depth, "particles": particles, "num_networks": draws}


def _training(law: str, sizes: Sequence[tuple[int, int]], seeds: int, steps: list[int]) -> Iterator[dict[str, Any]]:
    for depth, particles in sizes:
        cell = {"measures": "training", "law": law, "depth": depth, "particles": particles}
        yield {**cell, "num_networks": seeds, "steps": steps}
