"""The store of a sweep: a folder that a person can read, and that this module reads without changing it.

``sweep.toml``       the experiment, its version and the whole grid
``grid.parquet``     one row per cell: its id and fields
``chunks/``          finished cells, one Parquet file per chunk, named by its checksum
``failed/``          one file per cell that failed, with its traceback
``provenance.json``  versions, machine, commit, and every run with its command and times
``claims.json``      what the last run that ended made of the claims
``set-aside/``       files found in ``chunks/`` that were damaged or did not belong there
``lock``             who is writing, while someone is
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from deeplimits.sweeps.chunk import BOOKKEEPING, CELL, ROW, SECONDS, DamagedChunkError, read_chunk
from deeplimits.sweeps.frames import stack
from deeplimits.sweeps.lock import holder

SCHEMA = 1
GRID_MARK = "# ---- the grid ----"
_INDEX = "_index"


class Store:
    """Read the store in ``folder``, at any moment, also while it is being written.

    Raises:
        ValueError: there is no store, or one that a later version wrote.
    """

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        self.chunks_folder = self.folder / "chunks"
        self.failed_folder = self.folder / "failed"
        self.set_aside_folder = self.folder / "set-aside"

    @classmethod
    def open(cls, folder: Path | str) -> Store:
        """Return the store in ``folder``.

        Raises:
            ValueError: there is none, or one that a later version wrote.
        """
        store = cls(folder)
        if not store.exists():
            raise ValueError(f"{str(folder)!r} {_what_it_is(store.folder)}")
        store.description()
        return store

    def exists(self) -> bool:
        """Whether there is a store in the folder."""
        return (self.folder / "sweep.toml").is_file()

    def description(self) -> dict[str, Any]:
        """Return the head of ``sweep.toml``: schema, experiment, version, scale, seed, columns, claims.

        Raises:
            ValueError: it cannot be understood, or a later version wrote it.
        """
        import tomllib

        path = self.folder / "sweep.toml"
        try:
            # The grid, which may be long, comes after this line.
            head = tomllib.loads(path.read_text(encoding="utf-8").partition(GRID_MARK)[0])
            schema = head["schema"]
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError) as error:
            raise ValueError(f"{path} is damaged ({error}); delete it and run the sweep again") from None
        if schema != SCHEMA:
            raise ValueError(
                f"{path} has schema {schema}, and this version of deeplimits reads schema {SCHEMA}; "
                "use the version that wrote it"
            )
        return head

    def grid(self) -> pl.DataFrame:
        """Return one row per cell, in the order of the grid: its id in column ``cell``, then its fields.

        Raises:
            ValueError: the file is missing or damaged.
        """
        path = self.folder / "grid.parquet"
        try:
            return pl.read_parquet(io.BytesIO(path.read_bytes()))
        except (OSError, pl.exceptions.PolarsError) as error:
            raise ValueError(f"{path} is missing or damaged ({error}); run the sweep again to mend it") from None

    def chunks(self, columns: Sequence[str] | None = None) -> Iterator[tuple[Path, pl.DataFrame | DamagedChunkError]]:
        """Yield every file in the folder of chunks with its table, or with what is wrong with it."""
        for path in sorted(self.chunks_folder.glob("*")):
            if path.name.startswith("."):
                continue  # being written
            try:
                yield path, read_chunk(path, columns)
            except FileNotFoundError:
                continue  # merged into another one a moment ago
            except (OSError, pl.exceptions.PolarsError) as error:
                yield path, DamagedChunkError(str(error))
            except DamagedChunkError as error:
                yield path, error

    def finished(self) -> pl.DataFrame:
        """Return one row per finished cell: ``cell``, ``_seconds``, ``_device`` and ``_environment``."""
        columns = [name for name in BOOKKEEPING if name != ROW]
        empty = pl.DataFrame(schema=dict.fromkeys(columns, pl.String) | {SECONDS: pl.Float64})
        tables = [table for _, table in self.chunks(columns) if isinstance(table, pl.DataFrame)]
        return stack([empty, *tables]).unique(CELL, keep="first", maintain_order=True)

    def table(self, *, missing: bool = False) -> pl.DataFrame:
        """Return the results: ``cell``, the fields, then what the experiment measured, in the order of the grid.

        The table depends on the cells alone: not on the order in which they were computed, by whom, or in how many
        runs.

        Args:
            missing: add one row of nulls for each cell that is not finished.
        """
        grid = self.grid()
        fields = [name for name in grid.columns if name != CELL]
        results = self._results(set(grid[CELL]), drop=(*BOOKKEEPING[2:], *fields))
        joined = grid.with_row_index(_INDEX).join(results, on=CELL, how="left").sort(_INDEX, ROW)
        if not missing:
            joined = joined.filter(pl.col(ROW) >= 0)
        declared = [name for name in self.description()["columns"] if name not in grid.columns]
        joined = joined.with_columns(pl.lit(None).alias(name) for name in declared if name not in joined.columns)
        others = [name for name in sorted(set(results.columns) - {CELL, ROW, *declared}) if _has_values(joined[name])]
        return joined.select(CELL, *fields, *declared, *others)

    def _results(self, cells: set[str], drop: Sequence[str]) -> pl.DataFrame:
        """Return the rows of these cells, without some columns."""
        tables = [
            table.filter(pl.col(CELL).is_in(cells)).drop(name for name in drop if name in table.columns)
            for _, table in self.chunks()
            if isinstance(table, pl.DataFrame)
        ]
        empty = pl.DataFrame(schema={CELL: pl.String, ROW: pl.Int64})
        return stack([empty, *tables]).unique([CELL, ROW], keep="first", maintain_order=True)

    def failures(self) -> list[dict[str, Any]]:
        """Return what is recorded of each failed cell: id, fields, error, traceback, attempts, time."""
        found = []
        for path in sorted(self.failed_folder.glob("*.json")):
            record = _read_json(path)
            if isinstance(record, dict) and {"cell", "error", "traceback", "fields"} <= record.keys():
                found.append(record)
        return found

    def provenance(self) -> dict[str, Any]:
        """Return versions, machine and runs; empty if the file is missing or damaged."""
        found = _read_json(self.folder / "provenance.json")
        return found if isinstance(found, dict) else {}

    def claims(self) -> list[dict[str, Any]]:
        """Return the claims as the last run that ended judged them, or as declared if none did."""
        found = _read_json(self.folder / "claims.json")
        if isinstance(found, list):
            return found
        return [{**claim, "outcome": None} for claim in self.description().get("claim", [])]

    def runner(self) -> dict[str, Any]:
        """Return which process is writing, or an empty mapping."""
        return holder(self.folder / "lock")


def _what_it_is(folder: Path) -> str:
    """Return what is found where a store should be."""
    if not folder.exists():
        return "does not exist"
    if not folder.is_dir():
        return "is a file; give the folder of a sweep"
    if (folder / "run.json").is_file():
        return "is a run of deeplimits sample: go on with sample --out, read it with dl.load"
    return "holds no sweep: it has no sweep.toml"


def _has_values(column: pl.Series) -> bool:
    return column.null_count() < len(column)


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
