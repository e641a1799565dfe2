"""Panel: training loss and test error at the end of training, against depth."""

from __future__ import annotations

import polars as pl
from matplotlib.figure import Figure

from deeplimits.experiments.panels import begin, column, note, say, size_axis
from deeplimits.experiments.trained_convolutions.figures.norms import origin
from deeplimits.figures.style import INK
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

_TITLE = "Without normalisation networks of these depths learn, or diverge"
_SUBJECTS = {"train_loss": "loss of the training images", "test_error": "share of test images told wrong"}


def training(table: DataFrame) -> ExperimentFigure:
    """Return how training ended at each depth."""
    ends = pl.col("measure").is_in(["train_loss", "test_accuracy"]) | pl.col("measure").is_null()
    return ExperimentFigure(
        "training",
        _TITLE,
        f"{origin(table)}. Cross-entropy of the training images as they are, and share of test images told wrong, of "
        "every network at the end of training. Crosses at the top: networks that diverged.",
        table.filter(ends),
        _training,
        ("stand-in-learned", "learned"),
    )


def _training(rows: DataFrame) -> Figure:
    figure = begin(_TITLE, 3.4)
    depths = rows["depth"].unique().sort().to_list()
    ends = rows.with_columns(
        pl.when(pl.col("measure") == "test_accuracy")
        .then(1 - pl.col("measured"))
        .otherwise(pl.col("measured"))
        .alias("measured"),
        pl.col("measure").replace("test_accuracy", "test_error"),
    )
    for axes, (measure, subject) in zip(figure.subplots(1, 2), _SUBJECTS.items(), strict=True):
        here = ends.filter(pl.col("measure") == measure)
        there = here.drop_nulls("measured")
        axes.plot(column(there, "depth"), column(there, "measured"), "o", color=INK, markersize=4)
        axes.set_ylim(bottom=0)
        gone = here.filter(pl.col("measured").is_null())
        for depth in gone["depth"].to_list():
            axes.plot(depth, 0.97, "x", color=INK, transform=axes.get_xaxis_transform())
        if gone.height:
            note(axes, gone["depth"].max(), axes.get_ylim()[1], "diverged")  # type: ignore[arg-type]
        say(axes, subject)
        size_axis(axes, depths if len(depths) <= 6 else [8, 16, 33, 65, 121], "depth L, blocks")
    return figure
