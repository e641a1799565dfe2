"""The exponents of a residual network's weights in its depth, and the regime that they point to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deeplimits._typing import Float64Array
from deeplimits.weights.layer_weights import LayerWeights
from deeplimits.weights.scaling.networks_by_depth import Networks, networks_by_depth
from deeplimits.weights.scaling.path_statistics import STATISTICS
from deeplimits.weights.scaling.power_law import PowerLaw, power_law
from deeplimits.weights.scaling.regime import Evidence, Regime, decide
from deeplimits.weights.scaling.resampling import AtDepth, measure, resampled_from
from deeplimits.weights.scaling.text import scaling_text

SCHEMA = 1
# What is told of the parts of T: their sizes, and whether they are smooth.
_OF_PARTS = {
    "weight": ("rms_norm", "max_norm", "median_norm", "scaled_rms_increment"),
    "scale": ("rms_norm", "max_norm"),
    "bias": ("rms_norm", "max_norm", "scaled_rms_increment"),
}


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
    has_scale = next(iter(networks.values()))[0].scale is not None
    exponents: dict[str, PowerLaw] = {}
    statistics: dict[str, tuple[float, ...]] = {}
    resampled = ""
    for part, paths in _parts(networks, has_scale).items():
        some = next(iter(paths.values()))
        what = resampled_from(len(some), some[0].shape[1])
        resampled = resampled or what
        with threadpool_limits(1, "blas"):  # on matrices as thin as these, threads wait longer than they work
            points = [measure(paths[depth], what, seed) for depth in paths]
        for name in _OF_PARTS.get(part, STATISTICS):
            label = name if part == "product" else f"{part}.{name}"
            exponents[label], statistics[label] = power_law(points, name), _over_depths(points, name)
    decision = decide(exponents)
    count = len(next(iter(networks.values())))
    return WeightScaling(
        decision.regime, decision.evidence, exponents, decision.left_open, tuple(networks), count, resampled, statistics
    )


def _parts(networks: Mapping[int, Sequence[LayerWeights]], has_scale: bool) -> dict[str, dict[int, list[Float64Array]]]:
    """Return the paths of T and, where given, of weight, scale and bias, by depth."""
    parts = {"product": {depth: [one.product for one in each] for depth, each in networks.items()}}
    if has_scale:
        parts["weight"] = {depth: [one.weight_path for one in each] for depth, each in networks.items()}
        parts["scale"] = {
            depth: [p for one in each if (p := one.scale_path) is not None] for depth, each in networks.items()
        }
    if next(iter(networks.values()))[0].bias is not None:
        parts["bias"] = {
            depth: [p for one in each if (p := one.bias_path) is not None] for depth, each in networks.items()
        }
    return parts


def _over_depths(points: Sequence[AtDepth], name: str) -> tuple[float, ...]:
    return tuple(point.logarithms[name] for point in points)
