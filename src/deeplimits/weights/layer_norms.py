"""Norms of the weights of a residual network, block by block, where the weights themselves are too many to keep."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from deeplimits._typing import ArrayLike, Float64Array
from deeplimits.weights.layer_weights import MINIMUM_DEPTH


@dataclass(frozen=True, eq=False)
class LayerNorms:
    """Hold norms of one network's weights T_1 … T_L and of their changes from block to block.

    Args:
        norm: ‖T_k‖, (depth,), in whatever norm.
        increment: ‖T_k − T_{k−1}‖ wherever T_k and T_{k−1} can be compared, at most depth − 1 numbers, perhaps none.

    Raises:
        ValueError: a number is negative or not finite, there are fewer than 2 blocks or too many increments, or all
            norms are 0.

    >>> LayerNorms([3.0, 4.0, 1.0], increment=[2.0]).depth
    3
    """

    norm: ArrayLike
    increment: ArrayLike = ()

    def __post_init__(self) -> None:
        for name in ("norm", "increment"):
            values = np.asarray(getattr(self, name))
            if values.ndim != 1 or (values.size and values.dtype.kind not in "fiu"):
                raise ValueError(f"{name} must be a row of numbers, one for each block, got shape {values.shape}")
            wide = values.astype(np.float64)
            if not np.all(np.isfinite(wide)) or np.any(wide < 0):
                raise ValueError(f"{name} must hold finite numbers of at least 0, as norms are")
            object.__setattr__(self, name, wide)
        if self.depth < MINIMUM_DEPTH or self.increments.size >= self.depth:
            raise ValueError(
                f"there must be at least {MINIMUM_DEPTH} norms, and fewer increments than norms, got {self.depth} and "
                f"{self.increments.size}"
            )
        if not self.norms.any():
            raise ValueError("all norms are 0: nothing scales with the depth")

    @property
    def depth(self) -> int:
        """Number of residual blocks, L."""
        return int(self.norms.size)

    @property
    def norms(self) -> Float64Array:
        """The norms as float64, (depth,)."""
        return np.asarray(self.norm, dtype=np.float64)

    @property
    def increments(self) -> Float64Array:
        """The increments' norms as float64."""
        return np.asarray(self.increment, dtype=np.float64)
