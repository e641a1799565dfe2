"""The record of a sweep over depths: settings and one entry for each depth, in a file beside that of its arrays."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from deeplimits.files import write_atomically

_SCHEMA = 1
Record = TypeVar("Record")


class SettingsFile:
    """Read and replace ``NAME.training.json`` beside ``NAME.npz``; refuse one from other settings.

    Args:
        arrays_path: the file of the arrays.
        settings: what all depths share, JSON-ready.

    Raises:
        ValueError: the name does not end in .npz, or its folder does not exist.
    """

    def __init__(self, arrays_path: Path, settings: Mapping[str, Any]) -> None:
        if arrays_path.suffix != ".npz":
            raise ValueError(f"weights are written to a file ending in .npz, got {str(arrays_path)!r}")
        if not arrays_path.parent.is_dir():
            raise ValueError(f"the folder {str(arrays_path.parent)!r} for {arrays_path.name!r} does not exist")
        self.arrays_path = arrays_path
        self.records_path = arrays_path.with_suffix(".training.json")
        self._settings = dict(settings)

    def read(self, record: Callable[[dict[str, Any]], Record]) -> list[Record]:
        """Return the entries that an earlier call has left, none if there is no file.

        Args:
            record: makes an entry of what was stored of it.

        Raises:
            ValueError: the file is damaged or from other settings, or only the arrays are there.
        """
        if not self.records_path.exists():
            if self.arrays_path.exists():
                raise ValueError(
                    f"{str(self.arrays_path)!r} is there without {self.records_path.name!r}, so that its settings are "
                    "unknown; give another file"
                )
            return []
        try:
            stored = json.loads(self.records_path.read_text(encoding="utf-8"))
            schema, settings = stored["schema"], stored["settings"]
            records = [record(one) for one in stored["depths"]]
        except (ValueError, KeyError, TypeError):
            raise ValueError(
                f"{str(self.records_path)!r} is damaged or no record of a training; give another file"
            ) from None
        if schema != _SCHEMA:
            raise ValueError(f"{str(self.records_path)!r} has schema {schema}, this version reads {_SCHEMA}")
        self._require_same(settings)
        return records

    def write(self, records: Sequence[Mapping[str, Any]]) -> None:
        """Replace the file."""
        content = {"schema": _SCHEMA, "settings": self._settings, "depths": list(records)}
        write_atomically(self.records_path, json.dumps(content, allow_nan=False).encode())

    def _require_same(self, settings: Mapping[str, Any]) -> None:
        differing = [
            f"{name} is {settings.get(name)} there, {value} here"
            for name, value in self._settings.items()
            if settings.get(name) != value
        ]
        if differing:
            raise ValueError(
                f"{str(self.arrays_path)!r} is from other settings: {'; '.join(differing)}. "
                "Give another file, or these settings"
            )
