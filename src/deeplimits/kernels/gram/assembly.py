"""Fill a Gram matrix block by block, on every core, in bounded memory."""

from __future__ import annotations

import functools
import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.kernels.gram.pair_functions import PairFunction
from deeplimits.kernels.gram.recursion import Kernels
from deeplimits.kernels.gram.rows import Rows, angles

DEFAULT_BLOCK = 512
_STRIP = 1 << 15  # entries that are worked on at once, so that they stay in cache

Progress = Callable[[int, int], None]


class Block(NamedTuple):
    """Where a block lies: distinct rows and columns."""

    top: int
    bottom: int
    left: int
    right: int


class Target(NamedTuple):
    """What is to be filled: the arrays for K and Θ, None for the one that is not wanted."""

    nngp: Any
    ntk: Any


def assemble(
    function: PairFunction,
    rows: Rows,
    columns: Rows | None,
    diagonal: Kernels | None,
    target: Target,
    block: int = DEFAULT_BLOCK,
    progress: Progress | None = None,
) -> None:
    """Write the kernels of ``rows`` and ``columns``, or of ``rows`` among themselves, into ``target``.

    Args:
        function: the kernels of pairs.
        rows: the first inputs.
        columns: the second inputs; None for a symmetric matrix, of which half is computed.
        diagonal: K(x, x) and Θ(x, x) of a symmetric one.
        target: the arrays.
        block: distinct inputs on a side of a block.
        progress: called as ``progress(done, total)`` after each block, in the caller's thread.
    """
    blocks = list(_blocks(rows, columns, block))
    own_thread = all(isinstance(array, np.ndarray) for array in target if array is not None)
    workers = min(_cores(), len(blocks))

    def work(place: Block) -> Callable[[], None]:
        values = _evaluate(function, rows, columns, diagonal, place)

        def write() -> None:
            for array, part in zip(target, values, strict=True):
                if array is not None:
                    _write(array, part, rows, columns, place)

        if own_thread:  # parts of a NumPy array may be written at once; other stores are not asked to allow it
            write()
            return lambda: None
        return write

    if workers == 1:
        for done, place in enumerate(blocks, 1):
            work(place)()
            if progress is not None:
                progress(done, len(blocks))
        return
    with _blas().limit(limits=1, user_api="blas"), ThreadPoolExecutor(workers) as pool:
        waiting: deque[Future[Callable[[], None]]] = deque()
        done = 0
        for place in blocks:
            waiting.append(pool.submit(work, place))
            while len(waiting) > 2 * workers or (place is blocks[-1] and waiting):
                waiting.popleft().result()()
                done += 1
                if progress is not None:
                    progress(done, len(blocks))


@functools.cache
def _blas() -> Any:
    """Return what limits the threads of NumPy's linear algebra: made once, as it looks through all loaded libraries."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _blocks(rows: Rows, columns: Rows | None, size: int) -> Iterator[Block]:
    across = rows.distinct if columns is None else columns.distinct
    for top in range(0, rows.distinct, size):
        for left in range(top if columns is None else 0, across, size):
            yield Block(top, min(top + size, rows.distinct), left, min(left + size, across))


def _evaluate(
    function: PairFunction, rows: Rows, columns: Rows | None, diagonal: Kernels | None, place: Block
) -> Kernels:
    second = rows if columns is None else columns
    own = columns is None and place.top == place.left
    angle = angles(rows.units[place.top : place.bottom], second.units[place.left : place.right])
    if own:
        np.fill_diagonal(angle, 0.0)
    shape = angle.shape
    values = Kernels(np.empty(shape), np.empty(shape))
    first_lengths, second_lengths = rows.lengths[place.top : place.bottom], second.lengths[place.left : place.right]
    step = max(1, _STRIP // shape[1])
    for start in range(0, shape[0], step):
        strip = slice(start, start + step)
        for into, part in zip(values, function(first_lengths[strip], second_lengths, angle[strip]), strict=True):
            into[strip] = part
    if own and diagonal is not None:
        for into, exact in zip(values, diagonal, strict=True):
            into[np.tril_indices(len(into), -1)] = into.T[np.tril_indices(len(into), -1)]
            np.fill_diagonal(into, exact[place.top : place.bottom])
    return values


def _write(array: Any, part: Float64Array, rows: Rows, columns: Rows | None, place: Block) -> None:
    second = rows if columns is None else columns
    first, last = rows.originals(place.top, place.bottom), second.originals(place.left, place.right)
    part = _expanded(part, rows, first, place.top, 0)
    part = _expanded(part, second, last, place.left, 1)
    _assign(array, first, last, part)
    if columns is None and place.top != place.left:
        _assign(array, last, first, part.T)


def _expanded(part: Float64Array, rows: Rows, originals: slice | np.ndarray, start: int, axis: int) -> Float64Array:
    if rows.place is None:
        return part
    return np.take(part, rows.place[originals] - start, axis=axis)


def _assign(array: Any, first: slice | np.ndarray, last: slice | np.ndarray, part: Float64Array) -> None:
    """Assign to rows and columns; a store that is no NumPy array gets slices only."""
    if isinstance(first, slice) and isinstance(last, slice):
        array[first, last] = part
    elif isinstance(array, np.ndarray):
        array[np.ix_(_indices(first), _indices(last))] = part
    else:
        for top, bottom, row in _runs(_indices(first)):
            for left, right, column in _runs(_indices(last)):
                array[row : row + bottom - top, column : column + right - left] = part[top:bottom, left:right]


def _indices(places: slice | np.ndarray) -> np.ndarray:
    return np.arange(places.start, places.stop) if isinstance(places, slice) else places


def _runs(indices: np.ndarray) -> Iterator[tuple[int, int, int]]:
    """Yield (start, stop, first index) of each stretch of consecutive indices."""
    edges = np.flatnonzero(np.diff(indices) != 1) + 1
    starts, stops = np.append(0, edges), np.append(edges, len(indices))
    for start, stop in zip(starts.tolist(), stops.tolist(), strict=True):
        yield start, stop, int(indices[start])
