"""Exponents: exact on power laws, intervals that hold the truth as often as they say, bends."""

import math

import numpy as np
import pytest
from scipy.stats import linregress

from deeplimits.weights.scaling.power_law import power_law
from deeplimits.weights.scaling.resampling import AtDepth

DEPTHS = (4, 8, 16, 32, 64, 128)


def points(logs: list[float], spread: float = 0.0, networks: int = 1) -> list[AtDepth]:
    noise = np.random.default_rng(0).normal(size=(len(logs), 200))
    return [
        AtDepth(depth, networks, {"size": log}, {"size": log + spread * row})
        for depth, log, row in zip(DEPTHS, logs, noise, strict=True)
    ]


def test_a_power_law_is_found_exactly() -> None:
    law = power_law(points([math.log(3) - 0.7 * math.log(depth) for depth in DEPTHS]), "size")
    assert (law.value, law.low, law.high, law.deep_value) == pytest.approx((-0.7,) * 4)
    assert law.local_slopes == pytest.approx((-0.7,) * 5)
    assert law.bend == pytest.approx(0, abs=1e-12) and not law.curved


def test_the_wider_of_resampling_and_scatter_counts() -> None:
    straight = [-0.5 * math.log(depth) for depth in DEPTHS]
    resampled = power_law(points(straight, spread=0.1), "size")
    x = np.log(DEPTHS)
    error = 0.1 / np.linalg.norm(x - x.mean())
    assert (resampled.high - resampled.low) / 2 == pytest.approx(1.96 * error, rel=0.15)
    few = power_law(points(straight, spread=0.1, networks=2), "size")  # Student's quantile, 6 degrees of freedom
    assert (few.high - few.low) / (resampled.high - resampled.low) == pytest.approx(2.447 / 1.960, rel=1e-3)
    wobbly = [log + (-1) ** k * 0.3 for k, log in enumerate(straight)]
    scattered = power_law(points(wobbly, 0.01), "size")
    fitted = linregress(x, wobbly)
    assert (scattered.high - scattered.low) / 2 == pytest.approx(2.776 * fitted.stderr, rel=1e-3)
    assert power_law(points(wobbly, 0.01, networks=9), "size").high < scattered.high - 0.1


def test_a_bend_is_the_change_of_slope() -> None:
    x = np.log(DEPTHS)
    law = power_law(points((-x + 0.1 * x**2).tolist(), spread=1e-3), "size")
    assert law.bend == pytest.approx(0.2 * np.ptp(x)) and law.curved
    assert law.deep_value == pytest.approx(-1 + 0.2 * x[-3:].mean(), abs=0.02)
    slight = power_law(points((-x + 0.01 * x**2).tolist(), spread=1e-4), "size")
    assert slight.bend == pytest.approx(0.02 * np.ptp(x)) and not slight.curved


def test_what_is_zero_has_no_exponent() -> None:
    law = power_law(points([0.0, 0.0, 0.0, -math.inf, -math.inf, -math.inf]), "size")
    assert math.isnan(law.value) and law.zero_at == (32, 64, 128)
    assert law.to_dict() == {"value": None, "low": None, "high": None}
    assert power_law(points([0.0, 0.0, 0.0, 0.0, math.nan, -math.inf]), "size").depths == DEPTHS[:4]
