"""The exponents of a residual network's weights in its depth, and the regime that they point to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deeplimits.weights.scaling.networks_by_depth import Networks, networks_by_depth
from deeplimits.weights.scaling.parts import label_of, paths_of, statistics_of
from deeplimits.weights.scaling.power_law import PowerLaw, power_law
from deeplimits.weights.scaling.regime import Evidence, Regime, decide
from deeplimits.weights.scaling.resampling import AtDepth, measure, resampled_from
from deeplimits.weights.scaling.text import scaling_text

SCHEMA = 1


@dataclass(frozen=True)
class WeightScaling:
    """Hold how the weights of residual networks scale with depth.

    Args:
        regime: of T = scale · weight: ``neural-ode``, ``ode``, ``sde``, ``sparse`` or ``undecided``.
        evidence: mark of a regime → whether it holds, and why.
        exponents: statistic → exponent of L with its interval: those of T under their own name, those of its parts as
            ``weight.rms_norm`` (only if there is a scale), ``scale.…`` and ``bias.…``.
        left_open: regimes that nothing speaks against.
        depths: depths, ascending.
        num_networks: at each depth.
        resampled: what the intervals were resampled from: ``networks``, ``entries`` or ``nothing``.
        statistics: statistic → logarithms over depths, for a figure.
    """

    regime: Regime
    evidence: dict[str, Evidence]
    exponents: dict[str, PowerLaw]
    left_open: tuple[Regime, ...]
    depths: tuple[int, ...]
    num_networks: int
    resampled: str
    statistics: dict[str, tuple[float, ...]]

    @property
    def curved(self) -> tuple[str, ...]:
        """Statistics that are no power law over these depths."""
        return tuple(name for name, law in self.exponents.items() if law.curved)

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values."""
        evidence = {
            "marks": {name: mark.to_dict() for name, mark in self.evidence.items()},
            "left_open": list(self.left_open),
            "curved": list(self.curved),
            "depths": list(self.depths),
            "num_networks": self.num_networks,
            "resampled": self.resampled,
        }
        exponents = {name: law.to_dict() for name, law in self.exponents.items()}
        return {"schema": SCHEMA, "regime": self.regime, "evidence": evidence, "exponents": exponents}

    def __str__(self) -> str:
        """Print the regime, its evidence and the exponents as a table."""
        return scaling_text(self)


def weight_scaling(weights_by_depth: Mapping[int, Networks], *, seed: int = 0) -> WeightScaling:
    """Return how the weights of residual networks scale with depth, and whether an ODE, an SDE or neither follows.

    h' = h + scale_k φ(weight_k h + bias_k): T_k = scale_k weight_k says in which regime the network is (see `decide`),
    by root mean squares over layers; the maximum, which the paper uses, is biased by extremes and reported beside.

    Args:
        weights_by_depth: depth → one network's weights, as an array (depth, …) or as `LayerWeights` with scale and
            bias; or a list of several networks' `LayerWeights`, of the same number at every depth.
        seed: of the bootstrap behind the intervals, which resamples networks, or if there is one at each depth,
            entries of its weights.

    Returns:
        Regime, evidence and exponents with 95 % intervals.

    Raises:
        ValueError: fewer than 4 depths, a depth that is not the arrays' leading axis, or networks that differ in the
            size of a layer, in what they hold or in number.

    References: cohen2021scaling.

    >>> from deeplimits.weights.laws import planted_rough
    >>> brownian = {depth: planted_rough(depth, (8, 8), exponent=0.5) for depth in (4, 8, 16, 32, 64, 128)}
    >>> found = weight_scaling(brownian)
    >>> found.regime, round(found.exponents["rms_norm"].value, 1)
    ('sde', -0.5)
    """
    from threadpoolctl import threadpool_limits

    networks = networks_by_depth(weights_by_depth)
    some = next(iter(networks.values()))
    what = resampled_from(len(some), some[0].product.shape[1])
    points: dict[str, list[AtDepth]] = {}
    for part, paths in paths_of(networks).items():
        of_part = resampled_from(len(some), next(iter(paths.values()))[0].shape[1])
        with threadpool_limits(1, "blas"):  # on matrices as thin as these, threads wait longer than they work
            points[part] = [measure(paths[depth], of_part, seed) for depth in paths]
    return scaling_from(points, what)


def scaling_from(points: Mapping[str, Sequence[AtDepth]], resampled: str) -> WeightScaling:
    """Return exponents and regime from statistics of each part over depths."""
    exponents: dict[str, PowerLaw] = {}
    statistics: dict[str, tuple[float, ...]] = {}
    for part, of_part in points.items():
        for name in statistics_of(part):
            label = label_of(part, name)
            exponents[label], statistics[label] = power_law(of_part, name), _over_depths(of_part, name)
    decision = decide(exponents)
    product = points["product"]
    return WeightScaling(
        decision.regime,
        decision.evidence,
        exponents,
        decision.left_open,
        tuple(point.depth for point in product),
        product[0].num_networks,
        resampled,
        statistics,
    )


def _over_depths(points: Sequence[AtDepth], name: str) -> tuple[float, ...]:
    return tuple(point.logarithms[name] for point in points)
