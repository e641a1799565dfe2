"""A chunk: some finished cells in one Parquet file whose name is the checksum of its bytes."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from deeplimits.sweeps.frames import frame
from deeplimits.sweeps.results import Finished
from deeplimits.sweeps.values import Value

CELL, ROW, SECONDS, DEVICE, ENVIRONMENT = "cell", "_row", "_seconds", "_device", "_environment"
BOOKKEEPING = (CELL, ROW, SECONDS, DEVICE, ENVIRONMENT)
_NAME = re.compile(r"chunk-([0-9a-f]{32})\.parquet")


class DamagedChunkError(ValueError):
    """Say why a file in the folder of chunks is not a chunk."""


def chunk_frame(results: Sequence[Finished], fields: Mapping[str, Mapping[str, Value]]) -> pl.DataFrame:
    """Return the table of a chunk: bookkeeping, the cell's fields, its rows (a cell without rows has row −1).

    Args:
        results: finished cells.
        fields: cell id → its fields.
    """
    rows = []
    for result in results:
        about = {SECONDS: result.seconds, DEVICE: result.device, ENVIRONMENT: result.environment}
        known = {CELL: result.cell_id, ROW: -1, **about, **fields[result.cell_id]}
        rows += [{**known, ROW: i, **row} for i, row in enumerate(result.rows)] or [known]
    return frame(rows)


def encode(table: pl.DataFrame) -> tuple[str, bytes]:
    """Return the name and the bytes of the chunk that holds ``table``."""
    buffer = io.BytesIO()
    table.write_parquet(buffer, compression="zstd")
    data = buffer.getvalue()
    return f"chunk-{_checksum(data)}.parquet", data


def read_chunk(path: Path, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """Return the table in the chunk at ``path``.

    Raises:
        DamagedChunkError: it is not a chunk, or not as it was written.
        OSError: it cannot be read.
    """
    name = _NAME.fullmatch(path.name)
    if name is None:
        raise DamagedChunkError("it is not a file of this store")
    data = path.read_bytes()
    if _checksum(data) != name.group(1):
        raise DamagedChunkError(f"its {len(data):,} bytes do not have the checksum in its name")
    return pl.read_parquet(io.BytesIO(data), columns=None if columns is None else list(columns))


def _checksum(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()
