"""The grid, one small cell, and every figure from whatever is there."""

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from deeplimits.experiments import load
from deeplimits.experiments.trained_convolutions import TrainedConvolutions
from deeplimits.experiments.trained_convolutions.figures import PANELS, all_figures
from deeplimits.experiments.trained_convolutions.grid import DEFAULTS
from deeplimits.figures.style import visual_language
from deeplimits.sweeps import Cell
from deeplimits.sweeps.experiment import resolve

EXPERIMENT = TrainedConvolutions()
SMALL = {
    **DEFAULTS,
    "data": "digits",
    "depth": 2,
    "stages": [2],
    "channels": [3],
    "train_size": 70,
    "test_size": 30,
    "epochs": 2,
    "batch": 32,
    "initial": True,
    "seeds": 1,
    "seed": 0,
}


def run(**fields: Any) -> list[dict[str, Any]]:
    cell = Cell({**SMALL, **fields}, "0" * 16, 0)
    return [dict(row) for row in EXPERIMENT.run(cell, cell.key)]


def test_the_grids() -> None:
    cifar = TrainedConvolutions("cifar10", "anywhere")
    paper = list(cifar.grid("paper"))
    assert [cell["depth"] for cell in paper][::5] == [8, 18, 42, 121]
    assert {(cell["epochs"], cell["batch"], tuple(cell["channels"])) for cell in paper} == {
        (200, 128, (64, 128, 256, 512))
    }
    quick = list(EXPERIMENT.grid("quick"))
    assert len(quick) == 5 and {cell["data"] for cell in quick} == {"digits"}
    costs = [sum(map(EXPERIMENT.cost, resolve(EXPERIMENT, EXPERIMENT.grid(scale)))) for scale in ("demo", "quick")]
    assert costs[0] < 20 and costs[1] < 400
    hours = sum(map(EXPERIMENT.cost, resolve(cifar, cifar.grid("paper")))) / 3600
    assert 1e4 < hours < 1e5  # on one core: it is for an accelerator


def test_a_cell_has_every_norm_and_says_that_the_data_are_a_stand_in() -> None:
    rows = run()
    assert {row["measure"] for row in rows} == {
        "train_loss",
        "train_accuracy",
        "test_loss",
        "test_accuracy",
        "norm",
        "increment",
        "initial_norm",
        "initial_increment",
    }
    assert all("a stand-in for CIFAR-10" in row["origin"] for row in rows)
    norms = [row for row in rows if row["measure"] == "norm"]
    assert [(row["part"], row["index"]) for row in norms] == [(p, k) for p in ("first", "second") for k in (0, 1)]


def test_a_divergence_is_a_result() -> None:
    rows = run(learning_rate=1e30, initial=False)
    assert {row["stopped"] for row in rows} == {"diverged"} and {row["measured"] for row in rows} == {None}


@pytest.mark.parametrize("data", ["cifar10", "digits"])
@pytest.mark.parametrize("parts", ["all", "one cell", "a divergence"])
def test_every_figure_is_drawn_from_whatever_is_there(
    table_with: Callable[..., pl.DataFrame], draw_every: Callable[..., int], data: str, parts: str
) -> None:
    table = table_with(data)
    if parts == "one cell":
        table = table.filter(pl.col("cell") == table["cell"][0])
    elif parts == "a divergence":
        first = pl.col("cell") == table["cell"][0]
        table = table.filter(~first | pl.col("part").is_null()).with_columns(
            pl.when(first).then(None).otherwise(pl.col("measured")).alias("measured")
        )
    assert draw_every(all_figures(table)) == len(PANELS)


def test_the_training_figure_shows_losses_and_errors(table_with: Callable[..., pl.DataFrame]) -> None:
    figure = all_figures(table_with("digits"))[2]
    with visual_language():
        losses, errors = figure.draw(figure.data).axes
    assert set(losses.lines[0].get_ydata()) == {0.01}
    assert errors.lines[0].get_ydata() == pytest.approx(0.03) and len(errors.lines[0].get_ydata()) == 15


def test_every_claim_is_shown_in_a_figure(table_with: Callable[..., pl.DataFrame]) -> None:
    shown = set().union(*(figure.claims for figure in all_figures(table_with("digits"))))
    assert shown == {claim.name for claim in load("trained-convolutions").claims}
