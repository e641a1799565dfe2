"""Writing to a store: one process at a time, every file whole or not there."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from deeplimits.files import remove_leftovers, write_atomically
from deeplimits.sweeps.chunk import CELL, DamagedChunkError, chunk_frame, encode
from deeplimits.sweeps.frames import DataType, MixedColumnError, common_type, stack, type_of
from deeplimits.sweeps.lock import locked
from deeplimits.sweeps.results import Failed, Finished
from deeplimits.sweeps.store import Store
from deeplimits.sweeps.values import Value

# Small chunks lose little to a kill, but thousands of files are slow to read: so many of them become one.
CELLS_IN_SMALL_CHUNK = 128
SMALL_CHUNKS_AT_MOST = 64


class SaveError(RuntimeError):
    """Say that something could not be saved, what is safe, and how to go on.

    Args:
        folder: the store.
        problem: what the system says.
        safe: what is saved and what is not.
    """

    def __init__(self, folder: Path, problem: str, safe: str = "what was saved before is safe") -> None:
        super().__init__(
            f"{folder} cannot be written: {problem}; {safe}; make room and run the same command again to go on"
        )
        self.problem = problem


class StoreWriter:
    """Write to ``store``, whose lock this process holds.

    Args:
        store: where to write.
        note: called with a sentence whenever something is found that a person should know.
    """

    def __init__(self, store: Store, note: Callable[[str], None]) -> None:
        self.store = store
        self._note = note
        self._small: list[Path] = []
        self._types: dict[str, DataType] = {}

    def tidy(self) -> None:
        """Remove what a killed run left half-written, and set aside what is no chunk of this store."""
        for folder in (self.store.folder, self.store.chunks_folder, self.store.failed_folder):
            remove_leftovers(folder)
        for path, table in self.store.chunks():
            if isinstance(table, DamagedChunkError):
                self._set_aside(path, table)
                continue
            self._types = {**table.schema, **self._types}
            if table[CELL].n_unique() < CELLS_IN_SMALL_CHUNK:
                self._small.append(path)
        self._merge_small()

    def check(self, result: Finished) -> None:
        """Check that the columns of ``result`` hold what they hold in other cells.

        Raises:
            MixedColumnError: one holds text here and numbers there, or other kinds that do not mix.
        """
        for row in result.rows:
            for name, value in row.items():
                known = self._types.get(name, pl.Null())
                self._types[name] = common_type(name, known, type_of(name, value))

    def save(self, results: Sequence[Finished], fields: Mapping[str, Mapping[str, Value]]) -> None:
        """Save finished cells in one chunk.

        Raises:
            SaveError: they could not be written.
        """
        path = self._write_chunk(chunk_frame(results, fields))
        for result in results:
            self._failure(result.cell_id).unlink(missing_ok=True)
        if len(results) < CELLS_IN_SMALL_CHUNK:
            self._small.append(path)
            self._merge_small()

    def record_failure(self, failed: Failed, fields: Mapping[str, Value], about: Mapping[str, Any]) -> None:
        """Record why a cell failed; a later run tries it again."""
        record = {
            "cell": failed.cell_id,
            "fields": dict(fields),
            "error": failed.error,
            "traceback": failed.traceback,
            **about,
        }
        self._write(self._failure(failed.cell_id), _json(record))

    def write(self, name: str, data: bytes) -> None:
        """Write a file of the store, unless it holds these bytes already."""
        path = self.store.folder / name
        with contextlib.suppress(OSError):
            if path.read_bytes() == data:
                return
        self._write(path, data)

    def write_json(self, name: str, content: object) -> None:
        """Write a JSON file of the store."""
        self.write(name, _json(content))

    def _write_chunk(self, table: pl.DataFrame) -> Path:
        name, data = encode(table)
        path = self.store.chunks_folder / name
        self._write(path, data)
        return path

    def _write(self, path: Path, data: bytes) -> None:
        try:
            path.parent.mkdir(exist_ok=True)
            write_atomically(path, data)
        except OSError as error:
            raise SaveError(self.store.folder, error.strerror or str(error)) from error

    def _merge_small(self) -> None:
        """Write many small chunks as one, then delete them; a kill in between leaves cells twice, read once."""
        if len(self._small) <= SMALL_CHUNKS_AT_MOST:
            return
        wanted = set(self._small)
        tables = [t for path, t in self.store.chunks() if path in wanted and isinstance(t, pl.DataFrame)]
        try:
            table = stack(tables)
        except MixedColumnError:
            self._small = []  # cells of an earlier grid, whose fields were of another kind: they stay apart
            return
        merged = self._write_chunk(table)
        self._small = [merged] if table[CELL].n_unique() < CELLS_IN_SMALL_CHUNK else []
        for path in wanted - {merged}:
            path.unlink(missing_ok=True)

    def _set_aside(self, path: Path, reason: DamagedChunkError) -> None:
        folder = self.store.set_aside_folder
        folder.mkdir(exist_ok=True)
        target = folder / path.name
        number = 1
        while target.exists():
            number += 1
            target = folder / f"{path.name}.{number}"
        path.rename(target)
        self._note(f"{path} was set aside in {target}: {reason}; its cells will be computed again")

    def _failure(self, cell_id: str) -> Path:
        return self.store.failed_folder / f"{cell_id}.json"


@contextlib.contextmanager
def open_for_writing(folder: Path, note: Callable[[str], None]) -> Iterator[StoreWriter]:
    """Hold the store in ``folder`` for writing, made if it is not there.

    Raises:
        ValueError: there cannot be a store: the path is a file, holds other files, or is not writable.
        StoreLockedError: another run is writing to it.
    """
    made = _make(folder)
    store = Store(folder)
    try:
        with locked(folder / "lock") as found:
            if found:
                note(found)
            store.chunks_folder.mkdir(exist_ok=True)
            yield StoreWriter(store, note)
    except BaseException:
        # What was refused before anything was written leaves nothing behind.
        if made and not store.exists():
            with contextlib.suppress(OSError):
                store.chunks_folder.rmdir()
            for path in made:
                with contextlib.suppress(OSError):
                    path.rmdir()
        raise


def _make(folder: Path) -> list[Path]:
    """Make ``folder`` and its missing parents; return those made, innermost first."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise ValueError(f"{str(folder)!r} is a file; give a folder, or a name that is free") from None
    except NotADirectoryError:
        raise ValueError(f"{str(folder)!r} cannot be made: a part of the path is a file; give another folder") from None
    except OSError as error:
        raise ValueError(f"{str(folder)!r} cannot be made: {error.strerror}; give another folder") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ValueError(f"{str(folder)!r} is not writable; give another folder, or allow writing to it")
    ours = {"chunks", "sweep.toml", "lock"}
    present = {path.name for path in folder.iterdir() if not path.name.startswith(".")}
    if present and not present & ours:
        raise ValueError(f"{str(folder)!r} holds other files ({sorted(present)[0]} …); give an empty or new folder")
    return missing


def _json(content: object) -> bytes:
    return (json.dumps(content, indent=1, allow_nan=False) + "\n").encode()
