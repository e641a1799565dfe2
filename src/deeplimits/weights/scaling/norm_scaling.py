"""The exponents in the depth of norms that were kept in place of the weights, and whether few blocks keep theirs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.validation import positive_integer
from deeplimits.weights.layer_norms import LayerNorms
from deeplimits.weights.scaling.path_statistics import STATISTICS, Squares
from deeplimits.weights.scaling.power_law import MINIMUM_DEPTHS, power_law
from deeplimits.weights.scaling.regime import Regime, decide
from deeplimits.weights.scaling.resampling import resample_networks
from deeplimits.weights.scaling.weight_scaling import WeightScaling

# What norms alone say: partial sums need the weights, and sums over increments need all of them.
_OF_NORMS = ("rms_norm", "max_norm", "median_norm", "root_sum_of_squares")
_OF_INCREMENTS = ("rms_increment", "max_increment", "scaled_rms_increment", "scaled_max_increment")
_REGIMES: tuple[Regime, ...] = ("sparse",)
NORM_STATISTICS = (*_OF_NORMS, "scaled_median_norm", *_OF_INCREMENTS)


def norm_statistics(one: LayerNorms) -> dict[str, float]:
    """Return the statistics of one network's norms, as `path_statistics` names them; NaN of increments if it has none.

    ``scaled_max_increment`` is the largest increment over the largest norm. Its exponent is that of
    L^β max ‖T_k − T_{k−1}‖ with β fitted to the largest norm, as the paper takes it. ``scaled_median_norm`` is the
    median over the largest norm, which falls where few blocks keep their size.

    >>> norm_statistics(LayerNorms([3.0, 4.0], increment=[1.0]))["root_sum_of_squares"]
    5.0
    """
    nothing = np.zeros((1, 1))
    squares = Squares(one.norms[:, None] ** 2, one.increments[:, None] ** 2, nothing, nothing)
    there = (*_OF_NORMS, *_OF_INCREMENTS) if one.increments.size else _OF_NORMS
    found = {name: float(STATISTICS[name](squares)[0]) for name in there}
    found["scaled_median_norm"] = found["median_norm"] / found["max_norm"]
    return {name: found.get(name, math.nan) for name in NORM_STATISTICS}


def norm_scaling(norms_by_depth: Mapping[int, Sequence[LayerNorms]], *, seed: int = 0) -> WeightScaling:
    """Return how norms of blocks scale with depth, and whether the limit is sparse: few blocks keep their size.

    Norms alone cannot tell an ODE from an SDE, whose marks include partial sums: the regime is ``sparse`` or
    ``undecided``.

    Args:
        norms_by_depth: depth → networks.
        seed: of the bootstrap behind the intervals. It resamples networks, or if there is only one at some depth,
            intervals are those of the scatter about the line.

    Returns:
        Exponents with 95 % intervals, the regime and its evidence; the number of networks is the least at any depth.

    Raises:
        ValueError: fewer than 4 depths, or norms of another number of blocks than the depth.

    References: cohen2021scaling.

    >>> few = {depth: [LayerNorms(np.r_[2.0, np.full(depth - 1, 1 / depth)])] for depth in (8, 16, 32, 64)}
    >>> norm_scaling(few).regime
    'sparse'
    """
    networks = {positive_integer("depth", depth): list(norms_by_depth[depth]) for depth in sorted(norms_by_depth)}
    _check(networks)
    least = min(map(len, networks.values()))
    points = []
    for depth, each in networks.items():
        logarithms = _logarithms(each)
        if least == 1:
            logarithms = {name: values.mean(keepdims=True) for name, values in logarithms.items()}
        points.append(resample_networks(depth, logarithms, seed))
    exponents = {name: power_law(points, name) for name in NORM_STATISTICS}
    decision = decide(exponents, among=_REGIMES)
    return WeightScaling(
        decision.regime,
        decision.evidence,
        exponents,
        decision.left_open,
        tuple(networks),
        least,
        "networks" if least > 1 else "nothing",
        {name: tuple(point.logarithms[name] for point in points) for name in NORM_STATISTICS},
    )


def _logarithms(networks: Sequence[LayerNorms]) -> dict[str, Float64Array]:
    each = [norm_statistics(one) for one in networks]
    with np.errstate(divide="ignore"):
        return {name: np.log([one[name] for one in each]) for name in NORM_STATISTICS}


def _check(networks: Mapping[int, Sequence[LayerNorms]]) -> None:
    if len(networks) < MINIMUM_DEPTHS:
        raise ValueError(
            f"exponents need norms at {MINIMUM_DEPTHS} depths or more (for a slope, its curvature and scatter about "
            f"them), got {len(networks)}: {', '.join(map(str, networks)) or 'none'}"
        )
    for depth, each in networks.items():
        if not each or any(one.depth != depth for one in each):
            raise ValueError(f"depth {depth} needs one network or more, with as many norms each")
