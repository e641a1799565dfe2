"""Networks of several depths as a user gives them: checked before any work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from deeplimits._typing import ArrayLike
from deeplimits.validation import positive_integer
from deeplimits.weights.layer_weights import LayerWeights
from deeplimits.weights.scaling.power_law import MINIMUM_DEPTHS

Networks = ArrayLike | LayerWeights | Sequence[LayerWeights]


def networks_by_depth(given: Mapping[int, Networks]) -> dict[int, list[LayerWeights]]:
    """Return the networks of each depth, by ascending depth.

    Raises:
        ValueError: see `weight_scaling`.
    """
    by_depth = {positive_integer("depth", depth): networks for depth, networks in given.items()}
    found = {depth: _networks(depth, by_depth[depth]) for depth in sorted(by_depth)}
    _check_alike(found)
    return found


def _networks(depth: int, given: Networks) -> list[LayerWeights]:
    """Return the networks of one depth."""
    if isinstance(given, LayerWeights):
        networks = [given]
    elif isinstance(given, (list, tuple)) and given and all(isinstance(one, LayerWeights) for one in given):
        networks = list(given)
    else:
        try:
            networks = [LayerWeights(np.asarray(given))]
        except ValueError as error:
            raise ValueError(f"weights of depth {depth}: {error}") from None
    for one in networks:
        if one.depth != depth:
            raise ValueError(
                f"weights of depth {depth}: the leading axis counts layers and must be {depth}, got {one.depth}"
            )
    return networks


def _check_alike(networks: Mapping[int, Sequence[LayerWeights]]) -> None:
    """Raise unless all networks hold the same arrays, of one size in a layer, and there are as many at each depth."""
    if len(networks) < MINIMUM_DEPTHS:
        got = ", ".join(map(str, networks)) or "none"
        raise ValueError(
            f"exponents need weights at {MINIMUM_DEPTHS} depths or more (for a slope, its curvature and scatter about "
            f"them), got {len(networks)}: {got}; better 10 or more, such as 3 to 100"
        )
    kinds = {depth: {_kind(one) for one in each} for depth, each in networks.items()}
    first = next(iter(networks))
    for depth, kind in kinds.items():
        if len(kind | kinds[first]) > 1:
            raise ValueError(
                f"all networks must hold the same arrays with layers of the same size; depth {first} has "
                f"{_words(kinds[first])}, depth {depth} has {_words(kind)}"
            )
        if len(networks[depth]) != len(networks[first]):
            raise ValueError(
                f"give as many networks at each depth, got {len(networks[first])} at depth {first} and "
                f"{len(networks[depth])} at depth {depth}"
            )


def _kind(one: LayerWeights) -> tuple[str, ...]:
    bias = one.bias_path
    parts = [f"weight of {one.weight_path.shape[1]} entries a layer"]
    if one.scale is not None:
        parts.append("scale")
    if bias is not None:
        parts.append(f"bias of {bias.shape[1]}")
    return tuple(parts)


def _words(kinds: set[tuple[str, ...]]) -> str:
    return " or ".join(" and ".join(kind) for kind in sorted(kinds))
