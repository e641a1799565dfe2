"""Weights in a file: an ``.npz`` of arrays named by depth, loaded without pickle."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from deeplimits._typing import ArrayLike
from deeplimits.files import write_atomically
from deeplimits.weights.layer_weights import LayerWeights
from deeplimits.weights.stored_arrays import stored_arrays

_KEY = re.compile(r"L(?P<depth>[1-9]\d*)(?:/seed(?P<seed>\d+))?(?:/(?P<part>weight|scale|bias))?")
_FORMAT = '"L<depth>" or "L<depth>/weight", with "L<depth>/scale" and "L<depth>/bias" if there are any'


def read_weights(path: str | Path) -> dict[int, list[LayerWeights]]:
    """Read networks' weights from an ``.npz`` file: depth → its networks, ready for `weight_scaling`.

    Arrays are named ``L<depth>`` or ``L<depth>/weight``, shape (depth, …); ``L<depth>/scale``, one number or (depth,);
    ``L<depth>/bias``, (depth, …). Several networks of a depth are ``L<depth>/seed<number>/weight`` and so on.

    Raises:
        ValueError: the file is missing, no ``.npz``, damaged, needs pickle, or its arrays don't fit.
    """
    arrays = stored_arrays(path, _FORMAT)
    try:
        return _networks(arrays)
    except ValueError as error:
        raise ValueError(f"weights file {str(path)!r}: {error}") from None


def write_weights(path: str | Path, networks: Mapping[int, LayerWeights | list[LayerWeights]]) -> None:
    """Write networks' weights to an ``.npz`` file that `read_weights` and ``deeplimits exponents`` read."""
    arrays: dict[str, ArrayLike] = {}
    for depth, given in networks.items():
        for number, one in enumerate([given] if isinstance(given, LayerWeights) else given):
            head = f"L{depth}" if isinstance(given, LayerWeights) or len(given) == 1 else f"L{depth}/seed{number}"
            parts = {"weight": one.weight, "scale": one.scale, "bias": one.bias}
            arrays |= {f"{head}/{part}": value for part, value in parts.items() if value is not None}
    packed = io.BytesIO()
    np.savez(packed, allow_pickle=False, **arrays)
    write_atomically(Path(path), packed.getvalue())


def _networks(arrays: Mapping[str, ArrayLike]) -> dict[int, list[LayerWeights]]:
    """Return the networks whose arrays these are, by depth, each depth's in the order of their seeds."""
    parts: dict[tuple[int, int], dict[str, ArrayLike]] = {}
    for name, values in arrays.items():
        key = _KEY.fullmatch(name)
        if key is None:
            raise ValueError(f"unexpected array {name!r}; the names are {_FORMAT}")
        part = key["part"] or "weight"
        held = parts.setdefault((int(key["depth"]), int(key["seed"] or -1)), {})
        if part in held:
            raise ValueError(f"{name!r} is there twice, as L<depth> and as L<depth>/weight")
        held[part] = values
    networks: dict[int, list[LayerWeights]] = {}
    for (depth, seed), held in sorted(parts.items()):
        head = f"L{depth}" + (f"/seed{seed}" if seed >= 0 else "")
        if "weight" not in held:
            raise ValueError(
                f"{head} has {' and '.join(sorted(held))} but no weights: {head!r} or '{head}/weight' is missing"
            )
        shape = np.shape(held["weight"])
        if not shape or shape[0] != depth:
            raise ValueError(
                f"the weights of {head} must have shape ({depth}, …), one row for each layer, got shape {shape}"
            )
        try:
            network = LayerWeights(held["weight"], scale=held.get("scale"), bias=held.get("bias"))
        except ValueError as error:
            raise ValueError(f"{head}: {error}") from None
        networks.setdefault(depth, []).append(network)
    if not networks:
        raise ValueError(f"it holds no arrays; the names are {_FORMAT}")
    return networks
