"""Run a sweep: what is finished is reused, the rest is computed and saved, and the claims are judged."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from deeplimits.sweeps.cell import Cell
from deeplimits.sweeps.chunk import CELL, ENVIRONMENT, SECONDS
from deeplimits.sweeps.claims import Judgement, judge_claims
from deeplimits.sweeps.environment import environment_id, versions
from deeplimits.sweeps.estimate import estimate
from deeplimits.sweeps.events import Event, Observer, nobody
from deeplimits.sweeps.executors import Executor
from deeplimits.sweeps.experiment import Experiment, resolve
from deeplimits.sweeps.frames import frame
from deeplimits.sweeps.grid import Grid
from deeplimits.sweeps.loop import Loop
from deeplimits.sweeps.provenance import begin_run, command_line, differences, end_run
from deeplimits.sweeps.store import Store
from deeplimits.sweeps.store_writer import SaveError, StoreWriter, open_for_writing
from deeplimits.sweeps.sweep_file import sweep_text
from deeplimits.validation import finite_number


class SweepInterrupted(KeyboardInterrupt):
    """Say what is saved, and how to go on."""


@dataclass(frozen=True, eq=False)
class SweepResult:
    """Hold what a run left in the store.

    Args:
        folder: the store.
        table: results of every finished cell of the grid, in its order.
        judgements: what they say of the experiment's claims.
        computed: cells computed in this run.
        reused: cells found finished.
        failures: what is recorded of each cell that failed in this run.
    """

    folder: Path
    table: pl.DataFrame
    judgements: Sequence[Judgement]
    computed: int
    reused: int
    failures: Sequence[dict[str, Any]]


def run_sweep(
    experiment: Experiment,
    grid: Grid,
    *,
    out: Path | str,
    executor: Executor,
    seed: int = 0,
    scale: str | None = None,
    time_limit: float | None = None,
    mix_versions: bool = False,
    observer: Observer = nobody,
) -> SweepResult:
    """Compute the cells of ``grid`` that are not finished in the store ``out``.

    However it ends, what was finished is saved, and the same call goes on from there. The results do not depend on the
    executor, on the number of workers or on interruptions.

    Args:
        experiment: what a cell is.
        grid: the cells.
        out: folder of the store; made if it is not there.
        executor: where to compute; closed at the end.
        seed: the field ``seed`` of cells that do not set it.
        scale: recorded in the store.
        time_limit: seconds after which a cell counts as hanging; at least 10 minutes and 20 times its declared cost by
            default.
        mix_versions: keep cells that other versions of the libraries have computed.
        observer: told what happens.

    Raises:
        ValueError: the grid or the folder is not usable, another run is writing, or the store holds something that must
            not be mixed with this sweep.
        ExecutorError: no more cells can be computed.
        SaveError: finished cells could not be saved.
        SweepInterrupted: Ctrl-C.
    """
    with contextlib.closing(executor):
        cells = resolve(experiment, grid, seed=seed)
        table = frame([{CELL: cell.id, **cell.fields} for cell in cells])
        text = sweep_text(experiment, grid, scale=scale, seed=seed, num_cells=len(cells))

        def note(sentence: str) -> None:
            observer(Event("note", sentence))

        with open_for_writing(Path(out), note) as writer:
            store = writer.store
            _check_experiment(store, experiment)
            writer.tidy()
            finished = _finished(store, cells, experiment, mix_versions)
            executor.start(experiment)
            (store.folder / "claims.json").unlink(missing_ok=True)
            writer.write("grid.parquet", _parquet(table))
            writer.write("sweep.toml", text.encode())
            loop = _loop(experiment, cells, finished, executor, writer, time_limit, observer)
            provenance = begin_run(
                store.provenance(),
                experiment,
                seed=seed,
                command=command_line(),
                workers=executor.workers,
                reused=len(finished),
            )
            _compute(loop, writer, provenance, len(finished), len(cells))
            results = store.table()
            judgements = judge_claims(experiment.claims, None if results.is_empty() else store.table(missing=True))
            writer.write_json("claims.json", [judgement.to_dict() for judgement in judgements])
        failed = {failure["cell"]: failure for failure in store.failures()}
        failures = [failed[cell.id] for cell in cells if cell.id in failed]
        text = f"computed {loop.computed}, reused {len(finished)}" + (f", failed {len(failures)}" if failures else "")
        counts = {"computed": loop.computed, "reused": len(finished), "failed": len(failures)}
        observer(Event("ended", text, counts))
        return SweepResult(store.folder, results, judgements, loop.computed, len(finished), failures)


def _check_experiment(store: Store, experiment: Experiment) -> None:
    if not store.exists():
        return
    found = store.description()
    if found["experiment"] != experiment.name:
        raise ValueError(f"{store.folder} holds a sweep of {found['experiment']}, not of {experiment.name}")
    if found["version"] != experiment.version:
        raise ValueError(
            f"{store.folder} holds version {found['version']} of {experiment.name}, and this is version "
            f"{experiment.version}: its numbers mean something else; give another folder"
        )


def _finished(store: Store, cells: Sequence[Cell], experiment: Experiment, mix: bool) -> dict[str, float]:
    """Return cell id → seconds of the cells that are finished.

    Raises:
        ValueError: other versions of the libraries computed some of them, and they are not to be mixed.
    """
    table = store.finished().filter(pl.col(CELL).is_in([cell.id for cell in cells]))
    present = versions(experiment.libraries)
    strange = table.filter(pl.col(ENVIRONMENT) != environment_id(present))
    if len(strange) and not mix:
        changes = differences(store.provenance(), strange[ENVIRONMENT][0], present)
        raise ValueError(
            f"{len(strange)} finished cells in {store.folder} were computed with {changes}, so numbers may differ; "
            "give another folder, or allow it with --mix-versions (mix_versions=True)"
        )
    return dict(table.select(CELL, SECONDS).iter_rows())


def _loop(
    experiment: Experiment,
    cells: Sequence[Cell],
    finished: dict[str, float],
    executor: Executor,
    writer: StoreWriter,
    time_limit: float | None,
    observer: Observer,
) -> Loop:
    """Return the loop over what is left, having told the observer how long it will take."""
    costs = {cell.id: finite_number("the cost of a cell", experiment.cost(cell)) for cell in cells}
    left = [cell for cell in cells if cell.id not in finished]
    measured = [(costs[cell_id], seconds) for cell_id, seconds in finished.items()]
    expected = estimate([costs[cell.id] for cell in left], executor.workers, measured)
    text = f"{len(left)} of {len(cells)} cells to compute on {executor.workers} worker{'s' * (executor.workers != 1)}"
    text += f", {expected}" if left else ""
    data = {
        "cells": len(cells),
        "reused": len(finished),
        "workers": executor.workers,
        "seconds": {"low": expected.low, "high": expected.high, "basis": expected.basis},
    }
    observer(Event("begun", text, data))
    return Loop(
        left,
        costs,
        reused=len(finished),
        measured=measured,
        executor=executor,
        writer=writer,
        time_limit=time_limit,
        environment=environment_id(versions(experiment.libraries)),
        observer=observer,
    )


def _compute(loop: Loop, writer: StoreWriter, provenance: dict[str, Any], reused: int, total: int) -> None:
    """Run the loop between the two entries that it makes in the provenance."""
    writer.write_json("provenance.json", provenance)
    outcome = "stopped by an error"
    try:
        loop.run()
        outcome = "finished with failed cells" if loop.failed else "finished"
    except KeyboardInterrupt:
        outcome = "interrupted"
        raise SweepInterrupted(
            f"interrupted: {reused + loop.computed} of {total} cells are saved in {writer.store.folder}; "
            "run the same command again to go on"
        ) from None
    finally:
        ended = end_run(provenance, outcome, computed=loop.computed, failed=loop.failed)
        with contextlib.suppress(SaveError):
            writer.write_json("provenance.json", ended)


def _parquet(table: pl.DataFrame) -> bytes:
    import io

    buffer = io.BytesIO()
    table.write_parquet(buffer, compression="zstd")
    return buffer.getvalue()
