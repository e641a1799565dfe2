"""Which limit in depth the exponents of T = scale · weight point to, and why."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from deeplimits.weights.scaling.power_law import PowerLaw

Regime = Literal["neural-ode", "ode", "sde", "sparse", "undecided"]
REGIMES: tuple[Regime, ...] = get_args(Regime)
MEANINGS: Mapping[Regime, str] = {
    "neural-ode": "T is smooth in the layer and ~ 1/L, the weights alone are ~ 1: a neural ODE with these weights",
    "ode": "T is smooth in the layer and ~ 1/L: an ordinary differential equation",
    "sde": "T is rough and ~ L^-1/2, its partial sums have a quadratic variation: a stochastic differential equation",
    "sparse": "few layers keep their size while most vanish: neither an ODE nor an SDE",
    "undecided": "no regime has all its marks, or the depths and networks are too few to tell",
}

# Half-widths of the regions in which an exponent is taken for the one of the theory. -1 and -1/2 of T lie apart by more
# than two of them; a quadratic variation is a square, so its exponent moves twice as far; a path with Hölder exponent
# 1/2 has scaled increments ~ L^-1/2 and is continuous still, so smooth and rough part half-way to that.
MARGIN, WEIGHT_MARGIN, ROUGHNESS = 0.2, 0.1, 0.25


@dataclass(frozen=True)
class Evidence:
    """Hold one mark of a regime.

    Args:
        holds: True or False, or None where the interval leaves it open.
        says: the exponent found and the one asked for.
    """

    holds: bool | None
    says: str

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values."""
        return {"holds": self.holds, "says": self.says}


Exponents = Mapping[str, PowerLaw]
_MARKS: Mapping[str, Callable[[Exponents], Evidence]] = {
    "smooth": lambda e: _falls(e, "scaled_rms_increment", -ROUGHNESS),
    "rough": lambda e: _near(e, "scaled_rms_increment", 0.0, ROUGHNESS),
    "product_as_inverse_depth": lambda e: _near(e, "rms_norm", -1.0, MARGIN),
    "product_as_inverse_root": lambda e: _near(e, "rms_norm", -0.5, MARGIN),
    "maximum_falls": lambda e: _falls(e, "max_norm", -MARGIN),
    "bounded_quadratic_variation": lambda e: _near(e, "quadratic_variation", 0.0, 2 * MARGIN),
    "bounded_partial_sums": lambda e: _near(e, "partial_sum", 0.0, MARGIN),
    "maximum_stays": lambda e: _near(e, "max_norm", 0.0, MARGIN),
    "median_falls": lambda e: _falls(e, "median_norm", -MARGIN),
    "bounded_root_sum_of_squares": lambda e: _near(e, "root_sum_of_squares", 0.0, MARGIN),
    "weight_stays": lambda e: _near(e, "weight.rms_norm", 0.0, WEIGHT_MARGIN),
    "weight_falls": lambda e: _falls_beyond(e, "weight.rms_norm", WEIGHT_MARGIN),
}
_ODE = ("smooth", "product_as_inverse_depth")
_OTHERS: Mapping[Regime, tuple[str, ...]] = {
    "sde": ("rough", "product_as_inverse_root", "maximum_falls", "bounded_quadratic_variation", "bounded_partial_sums"),
    "sparse": ("maximum_stays", "median_falls", "bounded_root_sum_of_squares"),
}
_WITH_SCALE: Mapping[Regime, tuple[str, ...]] = {"neural-ode": (*_ODE, "weight_stays"), "ode": (*_ODE, "weight_falls")}


@dataclass(frozen=True)
class Decision:
    """Hold the regime, its evidence, and which regimes are left open if it is undecided.

    Args:
        regime: the one that has all its marks, or ``undecided``.
        evidence: mark → whether it holds and why.
        left_open: regimes none of whose marks fails.
    """

    regime: Regime
    evidence: dict[str, Evidence]
    left_open: tuple[Regime, ...]


def decide(exponents: Exponents, among: Collection[Regime] = REGIMES) -> Decision:
    """Return the regime: the one all of whose marks hold, with their intervals and over the deeper half of depths too.

    Smooth and T ~ L^-1: ``neural-ode`` if the weight ~ L^0, ``ode`` if it falls, and ``ode`` without a scale. Rough,
    T ~ L^-1/2, bounded non-zero quadratic variation and partial sums: ``sde``. Maximum ~ L^0, falling median, bounded
    root sum of squares: ``sparse``. Anything else is ``undecided``. No two of them can hold together.

    Args:
        exponents: of T, and of the weight alone under ``weight.rms_norm`` if there is a scale.
        among: regimes that are asked for; marks of others need no exponent.
    """
    asked: dict[Regime, tuple[str, ...]] = {"ode": _ODE}
    if "weight.rms_norm" in exponents:
        asked = dict(_WITH_SCALE)
    asked = {regime: needed for regime, needed in {**asked, **_OTHERS}.items() if regime in among}
    marks = dict.fromkeys(mark for needed in asked.values() for mark in needed)
    evidence = {mark: _MARKS[mark](exponents) for mark in marks}
    found = {regime: [evidence[mark].holds for mark in needed] for regime, needed in asked.items()}
    held = [regime for regime, marks_held in found.items() if all(marks_held)]
    left_open = tuple(regime for regime, marks_held in found.items() if False not in marks_held)
    return Decision(held[0] if held else "undecided", evidence, left_open)


def _near(exponents: Exponents, name: str, target: float, margin: float) -> Evidence:
    """Return whether the exponent lies within ``target`` ± ``margin``."""
    law, low, high = exponents[name], target - margin, target + margin
    holds: bool | None = None
    if low <= law.low and law.high <= high and low <= law.deep_value <= high:
        holds = True
    elif law.high < low or high < law.low or math.isnan(law.value):
        holds = False
    return Evidence(holds, f"{_found(name, law)}, asked for {target:g} ± {margin:g}")


def _falls(exponents: Exponents, name: str, ceiling: float) -> Evidence:
    """Return whether the exponent lies below ``ceiling``, or the statistic is 0 in the deepest networks."""
    law = exponents[name]
    if law.zero_at and law.zero_at[-1] > max(law.depths, default=0):
        return Evidence(True, f"{name} is 0 at L = {law.zero_at[-1]}")
    holds: bool | None = None
    if law.high < ceiling and law.deep_value < ceiling:
        holds = True
    elif law.low > ceiling or math.isnan(law.value):
        holds = False
    return Evidence(holds, f"{_found(name, law)}, asked for below {ceiling:g}")


def _falls_beyond(exponents: Exponents, name: str, margin: float) -> Evidence:
    """Return whether the exponent is certainly below 0, and not within ``margin`` of it for certain."""
    law = exponents[name]
    holds: bool | None = None
    if law.high < 0 and law.low < -margin:
        holds = True
    elif law.low > 0 or -margin <= law.low or math.isnan(law.value):
        holds = False
    return Evidence(holds, f"{_found(name, law)}, asked for below 0 and not within {margin:g} of it")


def _found(name: str, law: PowerLaw) -> str:
    if math.isnan(law.value):
        return f"{name} has no exponent"
    bent = f", {_digits(law.deep_value)} over the deeper half" if law.curved else ""
    return f"{name} ~ L^{_digits(law.value)} [{_digits(law.low)}, {_digits(law.high)}]{bent}"


def _digits(exponent: float) -> str:
    """Return two decimals, without a sign where they are 0."""
    return f"{round(exponent, 2) + 0.0:.2f}"
