"""Input vectors as lengths and directions, each distinct one once."""

from __future__ import annotations

import reprlib
from dataclasses import dataclass

import numpy as np

from deeplimits._typing import ArrayLike, Float64Array

_NEARLY_PARALLEL = 4.5e-3
_CHUNK = 1 << 22


@dataclass(frozen=True, eq=False)
class Rows:
    """Hold the distinct input vectors, so that equal inputs have equal kernels to the last bit.

    Args:
        units: float64 array (distinct, input_dim); a row of zeros stays one.
        lengths: ‖x‖ of each.
        place: for each input vector the number of its distinct one; None if all are distinct.
    """

    units: Float64Array
    lengths: Float64Array
    place: np.ndarray | None

    @property
    def count(self) -> int:
        """Number of input vectors."""
        return self.distinct if self.place is None else len(self.place)

    @property
    def distinct(self) -> int:
        """Number of distinct ones."""
        return len(self.lengths)

    def originals(self, start: int, stop: int) -> slice | np.ndarray:
        """Return the input vectors whose distinct ones are ``start`` … ``stop`` − 1, ascending."""
        if self.place is None:
            return slice(start, stop)
        return np.flatnonzero((self.place >= start) & (self.place < stop))

    def expand(self, values: Float64Array) -> Float64Array:
        """Return a value per input vector from one per distinct vector."""
        return values if self.place is None else values[self.place]


def as_rows(x: ArrayLike, input_dim: int, name: str = "x") -> Rows:
    """Return checked input vectors.

    Args:
        x: one vector (input_dim,) or several (inputs, input_dim); rows of zeros and equal rows are allowed.
        input_dim: entries that each must have.
        name: of the argument, for messages.

    Raises:
        ValueError: wrong shape, not numeric, or not finite.
    """
    try:
        values = np.asarray(x)
        if values.dtype.kind not in "fiub":
            raise ValueError
        values = np.atleast_2d(values.astype(np.float64))
    except (TypeError, ValueError):
        raise ValueError(
            f"{name} must be real numbers in one vector or in rows of equal length, got {reprlib.repr(x)}"
        ) from None
    if values.ndim != 2 or values.size == 0 or values.shape[1] != input_dim:
        raise ValueError(
            f"{name} must have shape ({input_dim},) or (inputs, {input_dim}) to fit input_dim={input_dim}, got shape "
            f"{np.shape(x)}"
        )
    if not np.all(np.isfinite(values)):
        row, column = np.argwhere(~np.isfinite(values))[0]
        raise ValueError(f"{name} must be finite, got {values[row, column]} in row {row + 1}, column {column + 1}")
    values += 0.0  # −0 and 0 are one number
    values, place = _distinct(values)
    largest = np.max(np.abs(values), axis=1)
    np.divide(values, np.where(largest > 0, largest, 1.0)[:, None], out=values)  # squares of 1e±200 leave float64
    lengths = np.sqrt(np.sum(values**2, axis=1))
    np.divide(values, np.where(lengths > 0, lengths, 1.0)[:, None], out=values)
    return Rows(values, largest * lengths, place)


def _distinct(values: Float64Array) -> tuple[Float64Array, np.ndarray | None]:
    """Return the distinct rows in the order of their first occurrence, and the place of each row among them."""
    numbers: dict[bytes, int] = {}
    place = np.fromiter((numbers.setdefault(row.tobytes(), len(numbers)) for row in values), np.intp, len(values))
    if len(numbers) == len(values):
        return values, None
    return values[np.unique(place, return_index=True)[1]], place


def angles(first: Float64Array, second: Float64Array) -> Float64Array:
    """Return the angles between unit vectors, (rows of first, rows of second), small and nearly straight ones too.

    arccos loses half of the digits of an angle near 0 or π; there the length of the difference or sum has them.
    """
    cosines = first @ second.T
    np.clip(cosines, -1.0, 1.0, out=cosines)
    found = np.arccos(cosines, out=cosines)
    for sign, near in ((-1.0, found < _NEARLY_PARALLEL), (1.0, found > np.pi - _NEARLY_PARALLEL)):
        rows, columns = np.nonzero(near)
        step = max(1, _CHUNK // first.shape[1])
        for start in range(0, rows.size, step):
            i, j = rows[start : start + step], columns[start : start + step]
            chord = np.sqrt(np.sum((first[i] + sign * second[j]) ** 2, axis=1))
            small = 2 * np.arcsin(np.minimum(chord / 2, 1.0))
            found[i, j] = small if sign < 0 else np.pi - small
    return found
