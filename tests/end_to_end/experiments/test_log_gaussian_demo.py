"""Experiment ``log-gaussian`` at scale demo: a smoke run of all its parts, and figures from its store alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from matplotlib.figure import Figure

from deeplimits.experiments import load, sweep
from deeplimits.experiments.log_gaussian.figures import PANELS, all_figures
from deeplimits.figures.style import visual_language
from deeplimits.observables import get
from deeplimits.sweeps import ExperimentFigure, Store, judge_claims

EXPERIMENT = load("log-gaussian")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("runs") / "demo"
    sweep(EXPERIMENT, out=out, scale="demo", executor="inline", quiet=True)
    return out


@pytest.fixture(scope="module")
def table(folder: Path) -> pl.DataFrame:
    return Store.open(folder).table(missing=True)


def drawn(figure: ExperimentFigure, cell: str | None = None) -> Figure:
    rows = figure.data.filter(pl.col("observable").is_not_null())
    with visual_language():
        made = figure.draw(rows if cell is None else rows.filter(cell=cell))
    assert isinstance(made, Figure)
    return made


def test_all_observables_are_measured_and_both_limits_speak(table: pl.DataFrame) -> None:
    assert table["cell"].n_unique() == len(EXPERIMENT.grid("demo"))
    assert table["measured"].null_count() == 0
    sampled = table.filter(data="none")
    for observable in sampled["observable"].unique():
        get(observable)
    predicted = sampled.filter(~pl.col("statistic").is_in(["ks", "wasserstein", "skewness"]))
    assert predicted["infinite_width"].null_count() == 0
    assert predicted["log_gaussian"].null_count() == 0


def test_the_demo_decides_the_declared_deviations_and_is_not_surprised(table: pl.DataFrame) -> None:
    judged = {one.claim.name: one for one in judge_claims(EXPERIMENT.claims, table)}
    assert judged["law-at-infinite-width"].outcome == "deviates"
    assert judged["variance-when-narrow"].outcome == "deviates"
    assert [name for name, one in judged.items() if one.as_expected is False] == []


def test_every_figure_is_drawn_from_the_store(table: pl.DataFrame) -> None:
    figures = list(EXPERIMENT.figures(table))
    assert len(figures) == len(PANELS)
    claims = {claim.name for claim in EXPERIMENT.claims}
    for figure in figures:
        assert set(figure.claims) <= claims
        made = drawn(figure)
        made.draw_without_rendering()
        assert made.get_suptitle().replace("\n", " ") == figure.title
        assert sum(len(axes.get_children()) for axes in made.axes) > 20
    assert set().union(*(figure.claims for figure in figures)) == claims


def test_figures_are_drawn_from_whatever_cell_is_there(table: pl.DataFrame) -> None:
    for figure in all_figures(table):
        cells = figure.data.filter(pl.col("observable").is_not_null())["cell"].unique().sort()
        drawn(figure, cell=cells[0])


def test_missing_cells_stay_in_a_figures_data(table: pl.DataFrame) -> None:
    fields = {"cell", *EXPERIMENT.defaults, "width", "depth", "num_networks", "measures", "seed"}
    width_100_depth_10 = (pl.col("width") == 100) & (pl.col("depth") == 10)
    emptied = table.with_columns(
        pl.when(width_100_depth_10).then(None).otherwise(pl.col(name)).alias(name)
        for name in table.columns
        if name not in fields
    ).unique(maintain_order=True)
    (laws, *_) = all_figures(emptied)
    missing = laws.data.filter(pl.col("observable").is_null())
    assert missing.select("width", "depth").rows() == [(100, 10)]
    assert len(drawn(laws).axes) == 2


@pytest.mark.slow
def test_the_command_writes_a_report_with_every_figure(
    command: Callable[..., Any], table: pl.DataFrame, tmp_path: Path
) -> None:
    out = tmp_path / "demo"
    outcome = command("reproduce", "log-gaussian", "--scale", "demo", "--out", str(out), "--workers", "2")
    assert outcome.code == 0
    assert "scale demo is a smoke run" in outcome.err
    assert {figure.name for figure in all_figures(table)} <= {file.stem for file in out.rglob("*.pdf")}
    # Two workers and one process: the same networks, to the bit or as near as two programs come.
    again = Store.open(out).table(missing=True)
    assert again["measured"].to_list() == pytest.approx(table["measured"].to_list(), rel=1e-3, abs=1e-6)
