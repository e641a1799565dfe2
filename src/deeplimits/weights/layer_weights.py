"""The weights of a residual network, layer by layer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from deeplimits._typing import ArrayLike, Float64Array

MINIMUM_DEPTH = 2
_SMALLEST, _LARGEST = 1e-140, 1e140


@dataclass(frozen=True, eq=False)
class LayerWeights:
    """Hold what the residual blocks of one network h' = h + scale_k φ(weight_k h + bias_k) were given or have learned.

    Args:
        weight: array (depth, …): the weights of each block.
        scale: δ: None for 1, one number for all blocks, or (depth,).
        bias: array (depth, …), or None.

    Raises:
        ValueError: an array is not of finite real numbers, its leading axis is not the depth, or all weights are 0
            (or so near to it, or so large, that their squares are no float64).

    >>> LayerWeights(np.ones((20, 3, 3)), scale=0.05).product.shape
    (20, 9)
    """

    weight: ArrayLike
    scale: ArrayLike | None = None
    bias: ArrayLike | None = None

    def __post_init__(self) -> None:
        weight = _numbers("weight", self.weight)
        if weight.ndim == 0 or weight.shape[0] < MINIMUM_DEPTH or weight.size == 0:
            raise ValueError(
                f"weight must have shape (depth, …) with a depth of at least {MINIMUM_DEPTH}, because its change from "
                f"layer to layer is measured; got shape {weight.shape}"
            )
        object.__setattr__(self, "weight", weight)
        depth = weight.shape[0]
        if self.scale is not None:
            scale = _numbers("scale", self.scale)
            if scale.shape not in ((), (depth,)):
                raise ValueError(f"scale must be one number or have shape ({depth},), got shape {scale.shape}")
            object.__setattr__(self, "scale", scale)
        if self.bias is not None:
            bias = _numbers("bias", self.bias)
            if bias.ndim == 0 or bias.shape[0] != depth or bias.size == 0:
                raise ValueError(f"bias must have shape (depth, …) with depth {depth}, got shape {bias.shape}")
            object.__setattr__(self, "bias", bias)
        largest = float(np.abs(self.product).max())
        if largest == 0:
            raise ValueError("all weights are 0 (or their scale is): nothing scales with the depth")
        if not _SMALLEST < largest < _LARGEST:
            raise ValueError(
                f"the largest of scale times weight must lie between {_SMALLEST:g} and {_LARGEST:g}, or squares of it "
                f"would be lost; got {largest:g}"
            )

    @property
    def depth(self) -> int:
        """Number of residual blocks, L."""
        return int(np.shape(self.weight)[0])

    @property
    def weight_path(self) -> Float64Array:
        """The weights, shape (depth, entries)."""
        return _path(self.weight)

    @property
    def bias_path(self) -> Float64Array | None:
        """The biases, shape (depth, entries)."""
        return None if self.bias is None else _path(self.bias)

    @property
    def scale_path(self) -> Float64Array | None:
        """The scales, shape (depth, 1), the same in every layer if one is shared."""
        if self.scale is None:
            return None
        return np.broadcast_to(np.asarray(self.scale, dtype=np.float64).reshape(-1, 1), (self.depth, 1))

    @property
    def product(self) -> Float64Array:
        """T_k = scale_k weight_k, with the scale's sign, shape (depth, entries)."""
        scale = self.scale_path
        return self.weight_path if scale is None else scale * self.weight_path


def _path(values: ArrayLike) -> Float64Array:
    array = np.asarray(values, dtype=np.float64)
    return array.reshape(array.shape[0], -1)


def _numbers(name: str, values: ArrayLike) -> Float64Array:
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(f"{name} must be numbers in rows of equal length") from None
    if array.dtype.kind not in "fiu":
        raise ValueError(f"{name} must be an array of real numbers, got one of {array.dtype}")
    wide = array.astype(np.float64)
    if not np.all(np.isfinite(wide)):
        place = tuple(np.argwhere(~np.isfinite(wide))[0].tolist())
        raise ValueError(f"{name} must be finite, got {wide[place]} at index {place}")
    return wide
