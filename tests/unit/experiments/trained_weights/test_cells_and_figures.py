"""The grid, one small cell of each kind, and every figure from whatever is there."""

import math

import polars as pl
import pytest

from deeplimits.experiments.trained_weights.experiment import TrainedWeights
from deeplimits.experiments.trained_weights.figures import PANELS, all_figures
from deeplimits.experiments.trained_weights.grid import DEFAULTS, RELU, TANH
from deeplimits.figures.style import visual_language
from deeplimits.sweeps import Cell
from deeplimits.sweeps.experiment import resolve

EXPERIMENT = TrainedWeights()


def run(**fields):
    cell = Cell({**DEFAULTS, "seed": 0, "data": "ode", "train_size": 128, **fields}, "0" * 16, 5)
    return [dict(row) for row in EXPERIMENT.run(cell, cell.key)]


def test_the_grids_have_the_published_depths():
    quick, paper = (list(EXPERIMENT.grid(scale)) for scale in ("quick", "paper"))

    def depths(cells, **wanted):
        wanted = {"measures": "scaling", "run": TANH, "data": "ode", "learning_rate": 0.01, **wanted}
        return [cell["depth"] for cell in cells if all(cell[name] == value for name, value in wanted.items())]

    assert len(depths(quick)) == 19
    assert (len(depths(paper)), depths(paper)[-1]) == (44, 9100)
    assert depths(paper, data="mnist") == depths(paper)
    tested = next(cell["depths"] for cell in paper if cell["measures"] == "denoising")
    assert (tested[0], tested[-1]) == (590, 4388)
    assert sum(map(EXPERIMENT.cost, resolve(EXPERIMENT, EXPERIMENT.grid("demo")))) < 60


def test_a_cell_of_one_depth():
    rows = run(measures="scaling", run=RELU, depth=9, seeds=2)
    assert {row["measure"] for row in rows} == {
        "train_loss",
        "test_loss",
        "epochs",
        "converged",
        "log_statistic",
    }
    assert {row["network"] for row in rows} == {0, 1}
    logs = {row["statistic"]: row["measured"] for row in rows if row["measure"] == "log_statistic"}
    assert logs["root_sum_of_squares"] == pytest.approx(logs["rms_norm"] + math.log(9) / 2)
    assert all("made" in row["origin"] or "points" in row["origin"] for row in rows)


def test_a_cell_that_compares():
    rows = run(measures="scaling", run=TANH, depth=9, seeds=2, compares=True)
    compared = {(row["measure"], row["statistic"]): row for row in rows if "statistic" in row}
    loss = [row["measured"] for row in rows if row["measure"] == "train_loss"]
    assert compared["loss", "network"]["measured"] == pytest.approx(sum(loss) / 2, rel=0.2)
    assert 0 < compared["path_error", "trend"]["measured"] < 0.3
    assert compared["displacement", "sde"]["count"] == 64
    entries = [row for row in rows if row["measure"] == "entry"]
    assert {row["statistic"] for row in entries} == {"product", "scale"}
    assert sorted(row["layer"] for row in entries if row["statistic"] == "scale") == list(range(9))


@pytest.mark.parametrize("name", [TANH, RELU])
def test_a_cell_of_the_denoising_test(name):
    depths = {"depths": [10, 12], "trend_depths": [10, 12], "points": 10}
    rows = run(measures="denoising", run=name, depth=12, seeds=2, **depths)
    assert [(row["network"], row["layer"]) for row in rows] == [(0, 10), (0, 12), (1, 10), (1, 12)]
    assert all(math.isfinite(row["measured"]) for row in rows)


@pytest.mark.parametrize("parts", ["all", "one cell of each"])
def test_every_figure_is_drawn_from_whatever_is_there(table_with, draw_every, parts):
    table = table_with()
    first = table.unique(["measures", "run", "compares"], keep="first", maintain_order=True)["cell"]
    chosen = table if parts == "all" else table.filter(pl.col("cell").is_in(first.implode()))
    assert draw_every(all_figures(chosen)) == len(PANELS)


def test_every_claim_is_shown_in_a_figure(table_with):
    shown = set().union(*(figure.claims for figure in all_figures(table_with())))
    assert shown == {claim.name for claim in EXPERIMENT.claims}


def test_the_figure_of_exponents_says_the_regimes(table_with):
    figure = next(one for one in all_figures(table_with()) if one.name == "exponents")
    with visual_language():
        made = figure.draw(figure.data)
    assert "ode, rate 0.01: " in made.axes[0].get_title(loc="left")
