"""The grid, one small cell of each kind, and every figure from whatever is there."""

import math

import numpy as np
import polars as pl
import pytest
from scipy import stats

from deeplimits.architectures import ResNet, stable
from deeplimits.experiments import load
from deeplimits.experiments.width_depth_commute.figures import PANELS, all_figures
from deeplimits.experiments.width_depth_commute.network import DEFAULTS
from deeplimits.experiments.width_depth_commute.preactivations import last_preactivations
from deeplimits.experiments.width_depth_commute.square_rows import mean_square_error
from deeplimits.statistics import LayerSummary
from deeplimits.sweeps import Cell

EXPERIMENT = load("width-depth-commute")


def run(**fields):
    cell = Cell({**DEFAULTS, "seed": 0, **fields}, "0" * 16, 5)
    return [dict(row) for row in EXPERIMENT.run(cell, cell.key)]


def by_measure(rows):
    return {row["measure"]: row for row in rows}


def test_every_order_of_limits_is_on_the_quick_grid():
    shapes = {(cell["width"], cell["depth"]) for cell in EXPERIMENT.grid("quick") if cell["measures"] == "square"}
    for size in (4, 16, 64, 256):
        assert (1024, size) in shapes and (16, size) in shapes  # depth along both ends of the widths
    assert {(size, size) for size in (16, 64, 256, 1024)} <= shapes
    cells = list(EXPERIMENT.grid("quick"))
    assert {cell["measures"] for cell in cells} == {"square", "pair", "marginal", "regression"}
    assert sum(cell["branch"] == "fixed" for cell in cells) == 4


def test_a_square_cell_has_law_rates_and_control():
    rows = by_measure(run(measures="square", width=32, depth=4, num_networks=400))
    assert set(rows) == {"log_variance", "mean", "variance", "error"}
    assert rows["error"]["predicted"] == pytest.approx(10.826 / 32, rel=0.01)
    assert rows["error"]["asymptotic"] == pytest.approx(12.709 / 32 + (0.206 / 4) ** 2, rel=1e-3)
    for row in rows.values():
        assert abs(row["measured"] - row["predicted"]) < 5 * row["measured_standard_error"] + 0.1 * row["predicted"]
    fixed = run(measures="square", width=32, depth=4, num_networks=400, branch="fixed")
    assert [row["measure"] for row in fixed] == ["log_variance"]


def test_a_pair_cell_follows_its_flow():
    rows = run(measures="pair", width=64, depth=20, num_networks=100, input_correlations=[0.5])
    path = [row for row in rows if row["measure"] == "correlation"]
    assert [row["layer"] for row in path][::5] == [0, 10, 20]
    for row in path:
        assert abs(row["measured"] - row["predicted"]) < 5 * row["measured_standard_error"] + 0.02
    assert by_measure(rows)["covariance"]["infinite"] == pytest.approx(0.907254, abs=1e-6)
    assert by_measure(rows)["covariance_error"]["measured"] > 0


def test_a_marginal_cell_has_a_histogram_of_all_networks():
    rows = run(measures="marginal", width=16, depth=4, num_networks=500)
    density = [row for row in rows if row["measure"] == "density"]
    mass = sum(row["measured"] * (row["high"] - row["low"]) for row in density)
    assert 0.97 < mass <= 1.0
    assert by_measure(rows)["ks"]["count"] == 500


def test_a_regression_cell_on_the_circle():
    rows = run(measures="regression", data="circle", width=64, depth=4, num_networks=3)
    curve = [row for row in rows if row["measure"] == "curve"]
    assert len(curve) == 60
    # At a training angle the infinite kernel nearly meets its target, sin(0) + ½ cos(0).
    assert curve[0]["predicted"] == pytest.approx(0.5, abs=0.05)
    depths = {row["size"]: row["measured"] for row in rows if row["measure"] == "depth_difference"}
    assert depths[64] < 0.6 * depths[32] < 0.4 * depths[16]
    assert by_measure(rows)["width_difference"]["count"] == 3


def test_single_preactivations_have_the_law_of_outputs():
    # Given z the outputs are normal of variance ‖z‖²/width, which is the mean of these squares.
    net = ResNet(width=32, depth=4, input_dim=2, branch_scale=stable(1.0), weight_variance=1.0)
    x = np.array([[math.sqrt(2), 0.0]])
    z = last_preactivations(net, x, 3000, seed=4, units=32)
    assert z.shape == (3000, 1, 32)
    squares = np.mean(z[:, 0] ** 2, axis=1)
    assert abs(squares.mean() - (1 + 1 / 8) ** 4) < 5 * squares.std() / math.sqrt(3000)
    assert stats.kstest(z[:, 0, 0] / np.sqrt(squares), "norm").pvalue > 1e-6
    # Negative control: of twice the variance.
    assert stats.kstest(math.sqrt(2) * z[:, 0, 0] / np.sqrt(squares), "norm").pvalue < 1e-6


def test_the_mean_square_error_and_its_standard_error():
    values = np.random.default_rng(0).gamma(3.0, size=5000)
    found = mean_square_error(LayerSummary.from_values((0,), values[:, None]), 2.5)
    squares = (values - 2.5) ** 2
    assert found.value == pytest.approx(squares.mean(), rel=1e-12)
    assert found.standard_error == pytest.approx(squares.std() / math.sqrt(5000), rel=1e-9)


@pytest.mark.parametrize("parts", ["all", "one cell of each"])
def test_every_figure_is_drawn_from_whatever_is_there(table_with, draw_every, parts):
    table = table_with()
    first = table.unique(["measures", "branch", "data"], keep="first")["cell"]
    chosen = table if parts == "all" else table.filter(pl.col("cell").is_in(first.implode()))
    assert draw_every(all_figures(chosen)) > 0
    assert len(all_figures(chosen)) == len(PANELS)


def test_every_claim_is_shown_in_a_figure(table_with):
    shown = set().union(*(figure.claims for figure in all_figures(table_with())))
    assert shown == {claim.name for claim in EXPERIMENT.claims}
