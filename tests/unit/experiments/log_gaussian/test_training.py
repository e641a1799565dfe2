"""Rows about training are logarithms over seeds of the public run, and the figure is drawn from what there is."""

import math
from typing import Any

import numpy as np
import polars as pl
import pytest
from matplotlib.figure import Figure

from deeplimits.architectures import BalancedResNet
from deeplimits.datasets import load_data
from deeplimits.experiments import load
from deeplimits.experiments.log_gaussian.figures.training import training
from deeplimits.experiments.log_gaussian.network import DEFAULTS
from deeplimits.figures.style import visual_language
from deeplimits.limits import predict
from deeplimits.parametrizations import TrainingSetup
from deeplimits.sweeps import judge_claims
from deeplimits.sweeps.cell import Cell
from deeplimits.training import train

EXPERIMENT = load("log-gaussian")
SHAPE: dict[str, Any] = {"kind": "balanced-resnet", "width": 6, "depth": 6}
SETTING: dict[str, Any] = {"data": "digits", "train_size": 12, "steps": 3, "num_networks": 5, "measures": "training"}


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    fields = {**DEFAULTS, **SHAPE, **SETTING, "seed": 4}
    return [{"cell": "a", **fields, **row} for row in EXPERIMENT.run(Cell(fields, "", 0), 0)]


def test_rows_are_logarithms_over_seeds_of_the_public_run(rows: list[dict[str, Any]]) -> None:
    table = pl.DataFrame(rows, infer_schema_length=None)
    network = BalancedResNet(width=6, depth=6, input_dim=64, output_dim=10)
    rate = 4 / (64 + 6 * (1 + 6 / 2))
    setup = TrainingSetup(learning_rate=rate, steps=3)
    data = load_data("digits", train_size=12, test_size=10)
    options: dict[str, Any] = {"kernel_inputs": 0, "decomposition": False, "gradient_norm": True}
    run = train(network, data, setup, seeds=5, seed=4, **options)
    assert table["learning_rate"].unique().to_list() == [rate]
    assert table["diverged"].unique().to_list() == [0]
    assert table["origin"].unique().to_list() == [str(data)]
    for observable, path, steps in (
        ("log_train_loss", run.train_loss, [0, 1, 2]),
        ("log_gradient_norm", run.gradient_norm, [0, 1, 2]),
    ):
        for statistic, reduce in (("mean", np.mean), ("standard_deviation", lambda x, axis: np.std(x, axis, ddof=1))):
            found = table.filter(observable=observable, statistic=statistic).sort("step")
            assert found["step"].to_list() == steps
            assert found["measured"].to_list() == pytest.approx(reduce(np.log(path[:, steps]), axis=0).tolist())
            assert found["count"].unique().to_list() == [5]
            assert found["measured_standard_error"].min() > 0
    said = table.drop_nulls("log_gaussian")
    assert said.select("observable", "statistic", "step").rows() == [("log_gradient_norm", "standard_deviation", 0)]
    variance = predict(network, limit="log-gaussian")["log_norm_hidden"].variance
    assert said["log_gaussian"][0] == pytest.approx(math.sqrt(variance) / 2)


def drawn(table: pl.DataFrame) -> Figure:
    figure = training(table)
    with visual_language():
        made = figure.draw(figure.data.drop_nulls("observable"))
    assert isinstance(made, Figure)
    made.draw_without_rendering()
    return made


def test_the_figure_is_drawn_from_several_widths_and_says_what_diverged(rows: list[dict[str, Any]]) -> None:
    shapes = [("a", "resnet", 6), ("b", "balanced-resnet", 6), ("c", "resnet", 12), ("d", "balanced-resnet", 12)]
    several = [
        {**row, "cell": cell, "kind": kind, "width": width, "depth": width, "diverged": 1 if cell == "a" else 0}
        for cell, kind, width in shapes
        for row in rows
    ]
    made = drawn(pl.DataFrame(several, infer_schema_length=None))
    assert made.axes[5].get_title(loc="left").endswith("5 % of seeds diverged")
    widths = [len(axes.lines) for axes in made.axes[:2]]
    assert widths[0] > widths[1]  # the limit is drawn for the gradient alone
    alone = drawn(pl.DataFrame(rows, infer_schema_length=None))
    assert alone.axes[5].get_title(loc="left").endswith("no seed diverged")


def test_a_store_from_before_training_has_nothing_of_it() -> None:
    newer = ["data", "train_size", "steps", "step", "learning_rate", "diverged", "origin"]
    fields = {**DEFAULTS, "width": 100, "depth": 10, "num_networks": 10, "measures": "law", "seed": 0}
    kinds = {"observable": pl.String, "statistic": pl.String, "limit": pl.String}
    others = [name for name in EXPERIMENT.columns if name not in kinds]
    nothing = [pl.lit(None, pl.Float64).alias(name) for name in others]
    nothing += [pl.lit(None, kind).alias(name) for name, kind in kinds.items()]
    older = pl.DataFrame([{"cell": "a", **fields}]).with_columns(nothing).drop(newer)
    assert training(older).data.is_empty()
    judged = {one.claim.name: one for one in judge_claims(EXPERIMENT.claims, older)}
    assert judged["gradient-spread"].reason == "no cell of this grid tests it"
    assert judged["law"].reason == "its cells are missing"
