"""The grid, one small cell of each kind, and every figure from whatever is there."""

import numpy as np
import polars as pl
import pytest

from deeplimits.experiments.mean_field_resnet.experiment import MeanFieldResNet
from deeplimits.experiments.mean_field_resnet.figures import PANELS, all_figures
from deeplimits.experiments.mean_field_resnet.grid import DEFAULTS
from deeplimits.experiments.mean_field_resnet.task import INPUTS, TARGETS
from deeplimits.sweeps import Cell
from deeplimits.sweeps.experiment import resolve

EXPERIMENT = MeanFieldResNet()


def run(**fields):
    cell = Cell({**DEFAULTS, "seed": 0, **fields}, "0" * 16, 5)
    return [dict(row) for row in EXPERIMENT.run(cell, cell.key)]


def test_the_grids():
    quick, paper = (list(EXPERIMENT.grid(scale)) for scale in ("quick", "paper"))
    assert {cell["measures"] for cell in quick} == {"forward", "kernel", "training"}
    assert max(cell["depth"] * cell["particles"] for cell in paper) == 64 * 1024
    assert sum(map(EXPERIMENT.cost, resolve(EXPERIMENT, EXPERIMENT.grid("demo")))) < 10


def test_the_points_are_no_multiples_of_each_other():
    cosines = INPUTS @ INPUTS.T / np.outer(*[np.linalg.norm(INPUTS, axis=1)] * 2)
    assert np.abs(cosines - np.eye(4)).max() < 0.8 and TARGETS.shape == (4,)


@pytest.mark.parametrize("layers", ["independent", "shared"])
def test_a_cell_forward(layers):
    rows = run(measures="forward", layers=layers, depth=3, particles=8, num_networks=600)
    assert {row["measure"] for row in rows} == ({"variance"} if layers == "shared" else {"mean", "bias", "variance"})
    for row in rows:
        assert row["count"] == 600
        assert abs(row["measured"] - row["predicted"]) < 5 * row["measured_standard_error"]


def test_a_cell_of_kernels():
    rows = run(measures="kernel", depth=2, particles=16, num_networks=200)
    entries = [row for row in rows if row["measure"] == "entry"]
    assert len(entries) == 10 and len(rows) == 12
    for row in entries:
        assert abs(row["measured"] - row["predicted"]) < 5 * row["measured_standard_error"]


def test_a_cell_of_training():
    rows = run(measures="training", law="resting", depth=2, particles=64, num_networks=4, steps=[0, 4, 10])
    by_step = {(row["measure"], row["step"]): row for row in rows}
    assert ("rate", 0) not in by_step and len(rows) == 3 * 3 + 2 * 3
    for (measure, _), row in by_step.items():
        if measure in ("loss", "movement"):
            assert row["measured"] == pytest.approx(row["predicted"], rel=0.2)
    assert by_step["over_path_bound", 10]["measured"] < 1
    # While the eigenvalue rises, the two bounds are one.
    assert by_step["over_path_bound", 10]["measured"] == by_step["over_initial_bound", 10]["measured"]


@pytest.mark.parametrize("parts", ["all", "one cell of each"])
def test_every_figure_is_drawn_from_whatever_is_there(table_with, draw_every, parts):
    table = table_with()
    first = table.unique(["measures", "law", "layers"], keep="first", maintain_order=True)["cell"]
    chosen = table if parts == "all" else table.filter(pl.col("cell").is_in(first.implode()))
    assert draw_every(all_figures(chosen)) == len(PANELS)


def test_every_claim_is_shown_in_a_figure(table_with):
    shown = set().union(*(figure.claims for figure in all_figures(table_with())))
    assert shown == {claim.name for claim in EXPERIMENT.claims}
