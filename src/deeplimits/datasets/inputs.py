"""Input vectors: checked once, read from a user's file, the same object for theory and simulation."""

from __future__ import annotations

import reprlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from deeplimits._typing import ArrayLike, Float64Array


@dataclass(frozen=True, eq=False)
class Inputs:
    """Hold one or several input vectors.

    Args:
        values: float64 array (inputs, input_dim), every row finite and not 0.
        single: whether one vector was given, so that statistics are numbers rather than lists.
    """

    values: Float64Array
    single: bool

    @property
    def count(self) -> int:
        """Number of input vectors, k."""
        return int(self.values.shape[0])

    @property
    def squared_norms(self) -> Float64Array:
        """‖x‖² of each input vector, shape (inputs,)."""
        squares: Float64Array = np.sum(self.values**2, axis=1)
        return squares

    def same_as(self, other: Inputs) -> bool:
        """Whether both hold the same vectors in the same order."""
        return self.single == other.single and np.array_equal(self.values, other.values)


def as_inputs(x: ArrayLike | Inputs | None, input_dim: int) -> Inputs:
    """Return checked input vectors.

    Args:
        x: None for the first unit vector, one vector (input_dim,) or several (inputs, input_dim).
        input_dim: entries that each vector must have.

    Raises:
        ValueError: wrong shape, not numeric, not finite, or a vector that is all 0.

    >>> as_inputs(None, 3).values
    array([[1., 0., 0.]])
    """
    if isinstance(x, Inputs):
        x = x.values[0] if x.single else x.values
    if x is None:
        return Inputs(np.eye(1, input_dim), single=True)
    try:
        values = np.asarray(x, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError(
            f"inputs must be numbers in one vector or in rows of equal length, got {reprlib.repr(x)}"
        ) from None
    if values.ndim not in (1, 2) or values.size == 0 or values.shape[-1] != input_dim:
        raise ValueError(
            f"inputs must have shape ({input_dim},) or (inputs, {input_dim}) to fit input_dim={input_dim}, "
            f"got shape {values.shape}"
        )
    rows = np.atleast_2d(values)
    if not np.all(np.isfinite(rows)):
        row, column = np.argwhere(~np.isfinite(rows))[0]
        raise ValueError(f"inputs must be finite, got {rows[row, column]} in vector {row + 1}, entry {column + 1}")
    # The squared norm must be a normal float64 too, or every log-norm would be lost.
    with np.errstate(over="ignore", under="ignore"):
        squares = np.sum(rows**2, axis=1)
    for row in range(rows.shape[0]):
        if not np.any(rows[row]):
            raise ValueError(f"input vector {row + 1} is all 0: its direction and log-norm are undefined")
        if not 1e-300 < squares[row] < 1e300:
            raise ValueError(f"input vector {row + 1} has squared norm {squares[row]:g}, outside 1e-300 to 1e300")
    return Inputs(rows, single=values.ndim == 1)


def read_inputs(path: str | Path, input_dim: int) -> Inputs:
    """Read input vectors from a file: ``.npy``, or text with one vector a line.

    Args:
        path: ``.npy`` array, or text of numbers separated by commas, semicolons or spaces; ``#`` starts a comment.
        input_dim: entries that each vector must have.

    Raises:
        ValueError: the file is missing, empty, ragged or not numeric, or its vectors do not fit.
    """
    file = Path(path)
    if not file.is_file():
        raise ValueError(f"input file {str(path)!r} does not exist or is not a file")
    try:
        values = _read_npy(file) if file.suffix == ".npy" else _read_text(file)
        if values.ndim == 2 and values.shape[0] == 1:
            values = values[0]
        return as_inputs(values, input_dim)
    except (OSError, ValueError) as error:
        raise ValueError(f"input file {str(path)!r}: {error}") from None


def _read_npy(file: Path) -> Float64Array:
    try:
        values = np.load(file, allow_pickle=False)
    except (ValueError, EOFError):
        raise ValueError("it is not a .npy file of numbers") from None
    if values.dtype.kind not in "fiu":
        raise ValueError(f"expected real numbers, got an array of {values.dtype}")
    return np.asarray(values, dtype=np.float64)


def _read_text(file: Path) -> Float64Array:
    rows: list[list[float]] = []
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise ValueError("it is neither text nor named .npy") from None
    for number, line in enumerate(lines, start=1):
        content = line.partition("#")[0].replace(";", ",")
        cells = content.split(",")
        words = content.replace(",", " ").split()
        if not words:
            continue
        if len(cells) > 1 and not all(cell.strip() for cell in cells):
            raise ValueError(f"line {number} has an empty entry: {line.strip()[:40]!r}")
        try:
            rows.append([float(word) for word in words])
        except ValueError:
            raise ValueError(f"line {number} is not numeric: {line.strip()[:40]!r}") from None
        if len(rows[-1]) != len(rows[0]):
            raise ValueError(f"line {number} has {len(rows[-1])} numbers, the first row has {len(rows[0])}")
    if not rows:
        raise ValueError("it holds no numbers")
    return np.array(rows)
