"""From the table of results back to the norms of each network."""

from __future__ import annotations

from deeplimits.experiments.trained_convolutions.grid import CIFAR
from deeplimits.sweeps.table import DataFrame
from deeplimits.weights import LayerNorms

PARTS = {"first": "A", "second": "Δ"}
"""Part of a block → how the paper calls its kernel."""


def cells_of(table: DataFrame, *, stand_in: bool | None = None) -> DataFrame:
    """Return the cells of CIFAR-10 without depth 18, as in the paper's figures, or those of stand-ins; None for all."""
    import polars as pl

    from deeplimits.training.conv_resnet import NOT_IN_FIGURES

    left_out = (pl.col("data") == CIFAR) & (pl.col("depth") == NOT_IN_FIGURES)
    chosen = table.filter(~left_out)
    if stand_in is None:
        return chosen
    return chosen.filter((pl.col("data") == CIFAR) != stand_in)


def norms_of(cells: DataFrame, part: str, *, initial: bool = False) -> dict[int, list[LayerNorms]]:
    """Return depth → norms of its networks that did not diverge; a depth without any is there, with none.

    Args:
        cells: rows of whole cells.
        part: first or second.
        initial: at initialisation in place of after training.
    """
    import polars as pl

    when = "initial_" if initial else ""
    found: dict[int, list[LayerNorms]] = {}
    for depth in cells["depth"].unique().sort().to_list():
        here = cells.filter(pl.col("depth") == depth, pl.col("part") == part).sort("network", "index")
        norms, increments = (
            here.filter(pl.col("measure") == f"{when}{kind}").partition_by("network", as_dict=True)
            for kind in ("norm", "increment")
        )
        found[depth] = [
            LayerNorms(rows["measured"].to_numpy(), increments[key]["measured"].to_numpy() if key in increments else ())
            for key, rows in norms.items()
        ]
    return found
