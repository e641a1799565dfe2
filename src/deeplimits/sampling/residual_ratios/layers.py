"""Layer matrices of networks side by side, in order and in reverse order, one layer at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol, TypeAlias, runtime_checkable

import numpy as np
import numpy.typing as npt

from deeplimits._typing import Float64Array

Float32Array: TypeAlias = npt.NDArray[np.float32]

_SEGMENT = 8  # layers drawn at once: they fit into a core's cache


@runtime_checkable
class Layers(Protocol):
    """Give (matrices, networks, width, width) for each layer: V, or V and θ; the same numbers in either order."""

    def __iter__(self) -> Iterator[Float32Array]:
        """Give the layers from the input to the output."""
        ...

    def __reversed__(self) -> Iterator[Float32Array]:
        """Give the layers from the output to the input."""
        ...


class IndependentLayers:
    """Draw independent entries, uniform in ±sqrt(3/width), whenever they are asked for: none is kept.

    Args:
        depth: number of layers.
        matrices: in each layer.
        networks: side by side.
        width: rows and columns of a matrix.
        entropy: what the random numbers depend on.

    Note: an entry is one of 2^16 equally spaced numbers, symmetric about 0, of variance 1/width less 2e-10 of it.
    """

    def __init__(self, depth: int, matrices: int, networks: int, width: int, entropy: tuple[int, ...]) -> None:
        """Keep what to draw."""
        self._depth, self._shape, self._entropy = depth, (matrices, networks, width, width), entropy
        self._unit = np.float32(np.sqrt(3 / width) / 2**15)

    def __iter__(self) -> Iterator[Float32Array]:
        """Give the layers from the input to the output."""
        for segment in range(0, self._depth, _SEGMENT):
            yield from map(self._scaled, self._integers(segment))

    def __reversed__(self) -> Iterator[Float32Array]:
        """Give the layers from the output to the input."""
        for segment in reversed(range(0, self._depth, _SEGMENT)):
            yield from map(self._scaled, self._integers(segment)[::-1])

    def _integers(self, first: int) -> npt.NDArray[np.int16]:
        """Return the layers of the segment that begins with ``first``, as integers of all 16 bits."""
        size = _SEGMENT * int(np.prod(self._shape))
        generator = np.random.Generator(np.random.SFC64(np.random.SeedSequence([*self._entropy, first])))
        words = generator.integers(0, 2**64 - 1, -(-size // 4), dtype=np.uint64, endpoint=True)
        every = words.view(np.int16)[:size].reshape(_SEGMENT, *self._shape)
        return every[: self._depth - first]

    def _scaled(self, integers: npt.NDArray[np.int16]) -> Float32Array:
        matrices: Float32Array = np.multiply(integers, self._unit, dtype=np.float32)
        matrices += self._unit / 2
        return matrices


class PathLayers:
    """Give the layers of one network from whole paths.

    Args:
        paths: one array (depth, width, width) for each matrix of a layer.
    """

    def __init__(self, *paths: Float64Array) -> None:
        """Keep the paths in single precision."""
        self._paths: Any = np.stack(paths, axis=1, dtype=np.float32, casting="same_kind")[:, :, None]

    def __iter__(self) -> Iterator[Float32Array]:
        """Give the layers from the input to the output."""
        return iter(self._paths)

    def __reversed__(self) -> Iterator[Float32Array]:
        """Give the layers from the output to the input."""
        return iter(self._paths[::-1])
