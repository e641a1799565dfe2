"""The cells at each scale; one cell trains the networks of one depth."""

from __future__ import annotations

from typing import Any

from deeplimits.sweeps import Grid

DEFAULTS: dict[str, Any] = {"learning_rate": 0.1, "weight_decay": 5e-4, "momentum": 0.9}
CIFAR = "cifar10"
# Three stages, for images too small for four; the second one grows most, as in the paper.
_SMALL = ((2, 2, 2), (2, 5, 2), (2, 8, 3), (3, 14, 3), (3, 23, 4))


def grid(scale: str, data: str) -> Grid:
    """Return the cells of ``scale``: a smoke run, five depths of small networks, or the paper's own 16 depths."""
    if scale == "paper":
        from deeplimits.training.conv_resnet import DEPTH_LISTS

        whole = {"channels": [64, 128, 256, 512], "train_size": 0, "test_size": 0, "epochs": 200, "batch": 128}
        return _grid(data, DEPTH_LISTS["paper"], {**whole, "seeds": 1, "initial": False})
    if scale == "demo":
        sizes = {"channels": [4, 8], "train_size": 200, "test_size": 100, "epochs": 2, "batch": 50}
        return _grid(data, ((1, 1), (2, 1)), {**sizes, "seeds": 1, "initial": True})
    sizes = {"channels": [8, 16, 32], "train_size": 1000, "test_size": 397, "epochs": 24, "batch": 64}
    return _grid(data, _SMALL, {**sizes, "seeds": 3, "initial": True})


def _grid(data: str, depths: Any, fields: dict[str, Any]) -> Grid:
    """Return one cell for each depth; a size of 0 stands for all images."""
    return Grid.cells(
        {**DEFAULTS, "data": data, "depth": sum(stages), "stages": list(stages), **fields} for stages in depths
    )
