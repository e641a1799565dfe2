"""Experiment ``log-gaussian`` against printed values of the formulas, and against an independent run.

Provenance of the Monte Carlo values: 10⁶ float32 networks of width 100 (antithetic pairs), statistics in float64.
"""

import math
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import stats

from deeplimits.experiments import load
from deeplimits.experiments.log_gaussian.network import DEFAULTS
from deeplimits.statistics import holm_rejections
from deeplimits.sweeps.cell import Cell

WIDTH, DEPTH, NETWORKS = 100, 20, 20_000


@pytest.fixture(scope="module")
def table() -> pl.DataFrame:
    shape = {"width": WIDTH, "depth": DEPTH, "num_networks": NETWORKS, "measures": "layers", "seed": 0}
    rows = load("log-gaussian").run(Cell({**DEFAULTS, **shape}, "", 0), 0)
    return pl.DataFrame(list(rows), infer_schema_length=None)


def row(table: pl.DataFrame, observable: str, statistic: str, **where: Any) -> dict[str, Any]:
    return table.filter(observable=observable, statistic=statistic, **where).row(0, named=True)


def test_the_table_holds_the_printed_formulas(table: pl.DataFrame) -> None:
    assert WIDTH * row(table, "log_norm_hidden", "variance")["log_gaussian"] == pytest.approx(100.18, abs=0.005)
    assert WIDTH * row(table, "log_norm_hidden", "mean")["log_gaussian"] == pytest.approx(-37.917, abs=0.0005)
    assert row(table, "log_norm", "variance", layer=10)["log_gaussian"] == pytest.approx(0.460753, abs=5e-7)
    assert row(table, "log_norm", "mean", layer=10)["log_gaussian"] == pytest.approx(-0.181582, abs=5e-7)
    for layer, said in ((1, -0.5683), (2, -0.9273), (5, -1.4451), (10, -1.6697)):
        energy = row(table, "energy_fraction", "mean", layer=layer)["log_gaussian"]
        assert 2 * WIDTH * (energy - 0.5) == pytest.approx(said, abs=5e-5)
    # E z² is over ‖x‖²/input_dim = 1/10.
    second = row(table, "log_output_second_moment", "mean")
    assert math.exp(second["log_gaussian"] + math.log(10)) == pytest.approx(1.129458, abs=5e-7)
    assert second["infinite_width"] == pytest.approx(-math.log(10), abs=1e-12)
    assert row(table, "output_kurtosis", "mean")["log_gaussian"] == pytest.approx(3 * 2.723, abs=0.0015)
    assert row(table, "output_kurtosis", "mean")["infinite_width"] == 3
    lags = {lag: row(table, "energy_fraction_covariance", "covariance", other_layer=10 + lag) for lag in (0, 1, 2, 5)}
    for lag, said in ((1, 1.9549), (2, 1.3270), (5, 0.4525)):
        # The formula's correlation K/3 is put on the variance 3/(n + 2) that is exact at the first layer.
        ratio = lags[lag]["log_gaussian"] / lags[0]["log_gaussian"]
        assert ratio == pytest.approx(said / 3, abs=2e-5)


# Observable, statistic, where; factor and shift of what is measured; recorded value and its standard error.
RUNS = [
    ("log_norm_hidden", "variance", {}, WIDTH, 0.0, 105.82, 0.18),
    ("log_norm_hidden", "mean", {}, WIDTH, 0.0, -38.532, 0.076),
    ("log_norm", "variance", {"layer": 1}, WIDTH, 0.0, 4.2727, 0.0067),
    ("log_norm", "variance", {"layer": 5}, WIDTH, 0.0, 20.716, 0.028),
    ("log_norm", "mean", {"layer": 10}, 1, 0.0, -0.183432, 0.000521),
    ("energy_fraction", "mean", {"layer": 1}, 2 * WIDTH, -WIDTH, -0.5682, 0.0013),
    ("energy_fraction", "mean", {"layer": 10}, 2 * WIDTH, -WIDTH, -1.7478, 0.0020),
    ("log_output_second_moment", "mean", {}, 1, math.log(10), math.log(1.1281), 0.0013),
    ("output_kurtosis", "mean", {}, 1 / 3, 0.0, 2.542, 0.015),
    ("output_square_correlation", "mean", {}, 1, 0.0, 0.2326, 0.0005),
]


def p_values(table: pl.DataFrame, defect: float = 0.0) -> list[float]:
    scores = []
    for observable, statistic, where, factor, shift, recorded, error in RUNS:
        found = row(table, observable, statistic, **where)
        value = (factor * found["measured"] + shift) * (1 + defect)
        scores.append((value - recorded) / math.hypot(factor * found["measured_standard_error"], error))
    return [float(p) for p in 2 * stats.norm.sf(np.abs(scores))]


def test_the_simulation_agrees_with_an_independent_run(table: pl.DataFrame) -> None:
    assert not any(holm_rejections(p_values(table), 0.01)), list(zip(RUNS, p_values(table), strict=True))
    # Negative control: what is 8 % larger is seen (20,000 networks know a variance to 1 %).
    assert any(holm_rejections(p_values(table, defect=0.08), 0.01))


def test_the_recorded_distances_are_met(table: pl.DataFrame) -> None:
    ks = row(table, "log_squared_norm", "ks", limit="infinite-width")
    # sqrt(ln(2/δ)/2N) with δ = 0.001, beside the recorded noise.
    assert ks["measured"] == pytest.approx(0.310, abs=0.0138 + 0.001)
    wasserstein = row(table, "log_squared_norm", "wasserstein", limit="infinite-width")
    assert wasserstein["measured"] == pytest.approx(0.620, abs=4 * wasserstein["measured_standard_error"] + 0.003)
    assert row(table, "log_squared_norm", "ks", limit="log-gaussian")["measured"] < 0.0074 + 0.0138


def test_the_histogram_is_a_density_beside_densities(table: pl.DataFrame) -> None:
    bins = table.filter(statistic="density").sort("low")
    width = bins["high"] - bins["low"]
    for column in ("measured", "log_gaussian", "infinite_width"):
        assert (bins[column] * width).sum() == pytest.approx(1, abs=0.002)
    assert bins["high"][:-1].to_list() == bins["low"][1:].to_list()
    residual = (bins["measured"] - bins["log_gaussian"]) / bins["measured_standard_error"]
    assert float(np.sqrt(np.mean(np.square(residual.to_numpy())))) < 1.6


def test_the_average_over_layers_has_the_error_of_correlated_layers(table: pl.DataFrame) -> None:
    late = row(table, "energy_fraction", "late_average")
    assert (late["layer"], late["other_layer"]) == (5, 20)
    means = table.filter(observable="energy_fraction", statistic="mean").filter(pl.col("layer") >= 5)
    assert late["measured"] == pytest.approx(means["measured"].mean(), abs=1e-12)
    independent = means["measured_standard_error"].mean() / math.sqrt(len(means))
    # Σ K(a^|i − j|)/3 over 16 layers is 69: 4.3 times what independent layers would have.
    assert late["measured_standard_error"] == pytest.approx(math.sqrt(4.3) * independent, rel=0.1)
