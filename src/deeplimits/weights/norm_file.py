"""Norms in a file: an ``.npz`` of arrays named by depth and by the part of each block that they are of."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from deeplimits._typing import ArrayLike
from deeplimits.files import write_atomically
from deeplimits.weights.layer_norms import LayerNorms
from deeplimits.weights.stored_arrays import stored_arrays

NormsByDepth = dict[int, list[LayerNorms]]
_KEY = re.compile(r"L(?P<depth>[1-9]\d*)(?:/seed(?P<seed>\d+))?(?:/(?P<part>[a-z][a-z-]*))?/(?P<kind>norm|increment)")
_FORMAT = '"L<depth>/norm" and "L<depth>/increment", with a part\'s name before the last word if there are several'


def holds_norms(path: str | Path) -> bool:
    """Whether a file holds norms, by the names of its arrays; not if it cannot be read."""
    try:
        with zipfile.ZipFile(path) as packed:
            return any(_KEY.fullmatch(name.removesuffix(".npy")) for name in packed.namelist())
    except (OSError, zipfile.BadZipFile):
        return False


def read_norms(path: str | Path) -> dict[str, NormsByDepth]:
    """Read networks' norms from an ``.npz`` file: part → depth → its networks, ready for `norm_scaling`.

    Arrays are named ``L<depth>/norm``, shape (depth,), and ``L<depth>/increment``, at most depth − 1 numbers; with a
    part of the block ``L<depth>/<part>/norm``, such as ``first``; of several networks ``L<depth>/seed<number>/…``. The
    part is empty where none is named.

    Raises:
        ValueError: the file is missing, no ``.npz``, damaged, needs pickle, or its arrays don't fit.
    """
    arrays = stored_arrays(path, _FORMAT)
    try:
        return _parts(arrays)
    except ValueError as error:
        raise ValueError(f"weights file {str(path)!r}: {error}") from None


def write_norms(path: str | Path, parts: Mapping[str, Mapping[int, Sequence[LayerNorms]]]) -> None:
    """Write networks' norms, part → depth → networks, to a file that `read_norms` reads; whole or not at all."""
    arrays: dict[str, ArrayLike] = {}
    for part, by_depth in parts.items():
        for depth, networks in by_depth.items():
            for number, one in enumerate(networks):
                head = f"L{depth}" + (f"/seed{number}" if len(networks) > 1 else "") + (f"/{part}" if part else "")
                arrays |= {f"{head}/norm": one.norms, f"{head}/increment": one.increments}
    packed = io.BytesIO()
    np.savez(packed, allow_pickle=False, **arrays)
    write_atomically(Path(path), packed.getvalue())


def _parts(arrays: Mapping[str, ArrayLike]) -> dict[str, NormsByDepth]:
    """Return the norms whose arrays these are, each depth's in the order of their seeds."""
    held: dict[tuple[str, int, int], dict[str, ArrayLike]] = {}
    for name, values in arrays.items():
        key = _KEY.fullmatch(name)
        if key is None:
            raise ValueError(f"unexpected array {name!r}; the names are {_FORMAT}")
        held.setdefault((key["part"] or "", int(key["depth"]), int(key["seed"] or -1)), {})[key["kind"]] = values
    parts: dict[str, NormsByDepth] = {}
    for (part, depth, seed), kinds in sorted(held.items()):
        head = f"L{depth}" + (f"/seed{seed}" if seed >= 0 else "") + (f"/{part}" if part else "")
        if "norm" not in kinds:
            raise ValueError(f"{head} has increments but no norms: '{head}/norm' is missing")
        try:
            one = LayerNorms(kinds["norm"], kinds.get("increment", ()))
        except ValueError as error:
            raise ValueError(f"{head}: {error}") from None
        if one.depth != depth:
            raise ValueError(f"the norms of {head} must have shape ({depth},), one for each block, got ({one.depth},)")
        parts.setdefault(part, {}).setdefault(depth, []).append(one)
    return parts
