"""Experiment ``mlp-log-norm`` against closed forms, and against Monte Carlo runs published with the formulas (G23)."""

import numpy as np
import pytest
from scipy import special, stats

from deeplimits.experiments import load
from deeplimits.sweeps.cell import Cell


def closed_form(width: int, depth: int) -> tuple[float, float]:
    """Return mean and variance of ln(χ²_n / n) + Σ ln(2 χ²_K / n) over depth − 1 layers, K ~ Binomial(n, 1/2) | K ≥ 1.

    E ln χ²_k = ψ(k/2) + ln 2 and Var ln χ²_k = ψ'(k/2).
    """
    active = np.arange(1, width + 1)
    weights = stats.binom.pmf(active, width, 0.5)
    weights /= weights.sum()
    means = special.digamma(active / 2) + np.log(4 / width)
    mean = weights @ means
    variance = weights @ (special.polygamma(1, active / 2) + means**2) - mean**2
    first = special.digamma(width / 2) + np.log(2 / width), special.polygamma(1, width / 2)
    return (depth - 1) * mean + first[0], (depth - 1) * variance + first[1]


@pytest.mark.parametrize(("width", "depth"), [(16, 16), (64, 64), (64, 16)])
def test_the_exact_law_is_the_closed_form_and_the_simulation_agrees(width: int, depth: int) -> None:
    cell = Cell({"width": width, "depth": depth, "num_networks": 20_000, "seed": 0}, "", 0)
    (row,) = load("mlp-log-norm").run(cell, 0)
    mean, variance = closed_form(width, depth)
    assert row["exact_mean"] == pytest.approx(mean, abs=1e-9)
    assert row["exact_variance"] == pytest.approx(variance, abs=1e-8)
    # One test of six at 1 %, and seeds are not chosen: 4 standard errors.
    assert abs(row["mean"] - mean) < 4 * row["mean_standard_error"]
    assert abs(row["variance"] - variance) < 4 * row["variance_standard_error"]


@pytest.mark.parametrize(
    ("width", "mean", "mean_error", "variance", "variance_error"),
    [(256, -2.501, 0.011, 5.061, 0.036), (64, -2.558, 0.012, 5.280, 0.037)],
)
def test_published_runs(width: int, mean: float, mean_error: float, variance: float, variance_error: float) -> None:
    exact_mean, exact_variance = closed_form(width, width)
    assert abs(mean - exact_mean) < 3 * mean_error
    assert abs(variance - exact_variance) < 3 * variance_error
    # And the limit itself is far off at width 64, as the claims say.
    assert (abs(variance - 5) > 3 * variance_error) == (width == 64)
