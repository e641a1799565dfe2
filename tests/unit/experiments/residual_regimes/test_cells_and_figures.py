"""The grid, one small cell of each kind, and every figure from whatever is there."""

import math

import numpy as np
import polars as pl
import pytest

from deeplimits.experiments.residual_regimes.experiment import ResidualRegimes
from deeplimits.experiments.residual_regimes.figures import PANELS, all_figures
from deeplimits.experiments.residual_regimes.grid import DEFAULTS
from deeplimits.figures.style import visual_language
from deeplimits.sweeps import Cell
from deeplimits.sweeps.experiment import resolve

EXPERIMENT = ResidualRegimes()


def run(**fields):
    cell = Cell({**DEFAULTS, "seed": 0, "law": "iid", **fields}, "0" * 16, 5)
    return [dict(row) for row in EXPERIMENT.run(cell, cell.key)]


def by_measure(rows, side="output"):
    return {row["measure"]: row for row in rows if row["side"] == side}


def test_the_grids_have_the_published_cells():
    quick, paper = (list(EXPERIMENT.grid(scale)) for scale in ("quick", "paper"))
    assert {cell["measures"] for cell in quick} == {"depth", "square", "histogram", "map"}
    depths = {cell["depth"] for cell in quick if (cell["measures"], cell["law"]) == ("depth", "iid")}
    assert depths == {10, 120, 230, 340, 450, 560, 670, 780, 890, 1000}
    fine = [cell for cell in paper if cell["measures"] == "map" and len(cell["exponents"]) == 70]
    assert len(fine) == 51
    assert (fine[0]["law"], fine[-1]["law"]) == ("fbm:0.05", "fbm:0.97")
    assert sum(map(EXPERIMENT.cost, resolve(EXPERIMENT, EXPERIMENT.grid("demo")))) < 8


def test_a_cell_against_depth():
    rows = by_measure(run(measures="depth", width=20, depth=10, exponents=[0.5], num_networks=80))
    assert set(rows) == {"displacement", "square", "ratio", "log10", "median_log10"}
    assert rows["square"]["predicted"] == pytest.approx(1.05**10 - 1)
    assert rows["displacement"]["measured"] ** 2 < rows["square"]["measured"]
    assert 10 ** rows["log10"]["measured"] < rows["displacement"]["measured"]


def test_explosions_beyond_numbers_have_logarithms_only():
    rows = by_measure(run(measures="depth", law="rbf", width=20, depth=1000, exponents=[0.0], num_networks=2))
    assert set(rows) == {"log10", "median_log10"}
    assert 150 < rows["log10"]["measured"] < 1000


def test_inputs_of_a_draw_count_once():
    rows = run(measures="map", law="fbm:0.7", width=8, depth=20, exponents=[0.5, 1.0], num_networks=5, inputs=3)
    assert [(row["measure"], row["side"], row["exponent"]) for row in rows] == [
        ("log10", side, exponent) for side in ("output", "gradient") for exponent in (0.5, 1.0)
    ]
    assert {row["count"] for row in rows} == {5}


def test_a_histogram_cell_has_all_networks():
    rows = run(measures="histogram", width=30, depth=30, exponents=[0.5], num_networks=300)
    density = [row for row in rows if row["measure"] == "density" and row["side"] == "gradient"]
    mass = sum(row["measured"] * (row["high"] - row["low"]) for row in density)
    assert 0.97 < mass <= 1.0
    found = by_measure(rows)
    for name in ("mean", "deviation", "log_mean", "log_deviation"):
        row = found[name]
        assert abs(row["measured"] - row["predicted"]) < 5 * row["measured_standard_error"] + 0.01
    logs = math.log(found["mean"]["predicted"]) - found["log_deviation"]["predicted"] ** 2 / 2
    assert logs == pytest.approx(found["log_mean"]["predicted"])


@pytest.mark.parametrize("parts", ["all", "one cell of each"])
def test_every_figure_is_drawn_from_whatever_is_there(table_with, draw_every, parts):
    table = table_with()
    first = table.unique(["measures", "law", "block"], keep="first", maintain_order=True)["cell"]
    chosen = table if parts == "all" else table.filter(pl.col("cell").is_in(first.implode()))
    assert draw_every(all_figures(chosen)) == len(PANELS)


def test_the_map_marks_the_critical_exponents(table_with):
    figure = next(one for one in all_figures(table_with()) if one.name == "map")
    with visual_language():
        made = figure.draw(figure.data)
    points = [line for line in made.axes[0].lines if len(line.get_xdata()) == 1 and line.get_marker() == "o"]
    found = {round(float(line.get_ydata()[0]), 2): float(line.get_xdata()[0]) for line in points}
    assert found == pytest.approx({hurst: max(0.5, hurst) for hurst in (0.1, 0.3, 0.5, 0.7, 0.9)}, abs=0.06)
    assert np.isclose(made.axes[0].collections[0].get_clim(), (-1, 1)).all()


def test_every_claim_is_shown_in_a_figure(table_with):
    shown = set().union(*(figure.claims for figure in all_figures(table_with())))
    assert shown == {claim.name for claim in EXPERIMENT.claims}
