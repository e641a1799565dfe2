"""Statistics kept in place of weights: networks that are measured one by one, and their exponents afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from deeplimits.weights.layer_weights import LayerWeights
from deeplimits.weights.scaling.parts import PARTS, label_of, part_of, paths_of, statistics_of
from deeplimits.weights.scaling.power_law import MINIMUM_DEPTHS
from deeplimits.weights.scaling.resampling import AtDepth, measure, resample_networks
from deeplimits.weights.scaling.weight_scaling import WeightScaling, scaling_from


def scaling_of_logarithms(by_depth: Mapping[int, Mapping[str, Sequence[float]]], *, seed: int = 0) -> WeightScaling:
    """Return what `weight_scaling` returns of several networks, from statistics that were kept in their place.

    Args:
        by_depth: depth → name as in `log_statistics` → one number for each network, at least two.
        seed: of the bootstrap.

    Raises:
        ValueError: fewer than 4 depths, or fewer than 2 networks at one.
    """
    depths = sorted(by_depth)
    counts = {len(values) for depth in depths for values in by_depth[depth].values()}
    if len(depths) < MINIMUM_DEPTHS or min(counts, default=0) < 2:
        raise ValueError(
            f"exponents need {MINIMUM_DEPTHS} depths and two networks at each, got {len(depths)} depths and "
            f"{min(counts, default=0)} networks"
        )
    points: dict[str, list[AtDepth]] = {}
    for part in sorted({part_of(name) for name in by_depth[depths[0]]}, key=PARTS.index):
        for depth in depths:
            each = {
                name.rpartition(".")[2]: np.asarray(values, np.float64)
                for name, values in by_depth[depth].items()
                if part_of(name) == part
            }
            points.setdefault(part, []).append(resample_networks(depth, each, seed))
    return scaling_from(points, "networks")


def log_statistics(network: LayerWeights) -> dict[str, float]:
    """Return the logarithm of each statistic that exponents are told of, of one network.

    Those of T = scale · weight have their own names; those of its parts are ``weight.…``, ``scale.…``, ``bias.…``, the
    first two only if there is a scale. What is not defined is NaN, and -inf is the logarithm of 0.

    >>> round(log_statistics(LayerWeights(np.ones((8, 3, 3))))["rms_norm"], 4)
    1.0986
    """
    found: dict[str, float] = {}
    for part, paths in paths_of({network.depth: [network]}).items():
        logarithms = measure(paths[network.depth], "nothing", 0).logarithms
        found |= {label_of(part, name): logarithms[name] for name in statistics_of(part)}
    return found
