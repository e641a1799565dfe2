"""``sweep``: run an experiment, a file or a grid of architectures, and get the table."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deeplimits.experiments.network_document import grid_sweep, network_sweep
from deeplimits.experiments.toml_file import read_sweep
from deeplimits.sweeps import Executor, Experiment, Grid, Inline, Processes, run_sweep
from deeplimits.sweeps.experiment import checked_scale
from deeplimits.sweeps.progress import show_sweep

if TYPE_CHECKING:
    import polars as pl


def sweep(
    experiment: Experiment | Grid | Mapping[str, Any] | Path | str,
    *,
    out: Path | str | None = None,
    executor: Executor | int | str | None = None,
    scale: str = "quick",
    seed: int = 0,
    time_limit: float | None = None,
    mix_versions: bool = False,
    quiet: bool = False,
) -> pl.DataFrame:
    """Compute every cell of a sweep that is not finished yet, and return the table of all.

    Results do not depend on the executor, the number of workers or interruptions: the same call goes on from what is
    saved.

    Args:
        experiment: an `Experiment`, a TOML file, what such a file holds (``num_networks``, ``architecture`` with
            ``kind`` and fields, and others; lists are axes), or a `Grid` of cells with those fields.
        out: folder of the store; without one nothing is kept but the table.
        executor: a number of worker processes, ``"inline"`` for this process, the address of a Dask scheduler, or an
            `Executor`; one pinned worker process per core by default.
        scale: ``demo``, ``quick`` or ``paper``, for experiments that have several.
        seed: of cells that do not set their own.
        time_limit: seconds after which a cell counts as hanging.
        mix_versions: keep cells that other versions of the libraries have computed.
        quiet: show no progress.

    Returns:
        One row per result: ``cell`` (its id), the cell's fields, and what was measured, in the order of the grid.

    Raises:
        ValueError: the sweep or the folder cannot be used.

    Note:
        A cell that fails twice is recorded in the store and left out of the table, with a warning.

    >>> grid = {"num_networks": 100, "architecture": {"kind": "mlp", "width": [8, 16], "depth": 3}, "limits": []}
    >>> table = sweep(grid, executor="inline", quiet=True)
    >>> table.filter(observable="log_norm_hidden")["width"].to_list()
    [8, 16]
    """
    runnable = as_experiment(experiment)
    grid = runnable.grid(checked_scale(scale))
    computer = as_executor(executor)
    with tempfile.TemporaryDirectory() as temporary, show_sweep(quiet=quiet) as observer:
        result = run_sweep(
            runnable,
            grid,
            out=Path(temporary) / "sweep" if out is None else out,
            executor=computer,
            seed=seed,
            scale=scale if isinstance(experiment, Experiment) else None,
            time_limit=time_limit,
            mix_versions=mix_versions,
            observer=observer,
        )
    if result.failures:
        warnings.warn(
            f"{len(result.failures)} cells failed and are not in the table; the first: {result.failures[0]['error']}",
            RuntimeWarning,
            stacklevel=2,
        )
    return result.table


def as_experiment(given: Experiment | Grid | Mapping[str, Any] | Path | str) -> Experiment:
    """Return what is to be run: an experiment, or the generic one from a file or a document."""
    if isinstance(given, Experiment):
        return given
    if isinstance(given, Grid):
        return grid_sweep(given)
    return network_sweep(given) if isinstance(given, Mapping) else read_sweep(given)


def as_executor(given: Executor | int | str | None) -> Executor:
    """Return where to compute.

    Raises:
        ValueError: it is not a number, ``"inline"``, an address or an executor, or no scheduler answers there.
    """
    if isinstance(given, Executor):
        return given
    if given == "inline":
        return Inline()
    if isinstance(given, str):
        if "://" not in given:
            raise ValueError(f"executor must be 'inline' or an address such as 'tcp://host:8786', got {given!r}")
        try:
            from deeplimits.sweeps.executors.dask import Dask
        except ImportError as error:
            raise ValueError(f"a Dask scheduler needs dask: pip install 'deeplimits[dask]' ({error})") from None
        return Dask(given)
    return Processes(given)
