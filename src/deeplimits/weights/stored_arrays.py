"""The arrays of an ``.npz`` file, loaded without pickle, or one clear sentence on what is wrong with it."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

import numpy as np

from deeplimits._typing import ArrayLike


def stored_arrays(path: str | Path, names: str) -> dict[str, ArrayLike]:
    """Return the arrays of an ``.npz`` file by name.

    Args:
        path: the file.
        names: how its arrays are to be named, for the message that says so.

    Raises:
        ValueError: the file is missing, no ``.npz``, damaged or needs pickle.
    """
    file = Path(path)
    if not file.is_file():
        raise ValueError(f"weights file {str(path)!r} does not exist or is not a file")
    try:
        return _arrays(file, names)
    except ValueError as error:
        raise ValueError(f"weights file {str(path)!r}: {error}") from None


def _arrays(file: Path, names: str) -> dict[str, ArrayLike]:
    with file.open("rb") as stream:
        try:
            stored = np.load(stream, allow_pickle=False)
        except (ValueError, EOFError, zipfile.BadZipFile):
            raise ValueError("it is not an .npz file of arrays (numpy.savez writes one)") from None
        if not isinstance(stored, np.lib.npyio.NpzFile):
            raise ValueError(f"it holds a single array; name the arrays by depth with numpy.savez: {names}")
        return {name: _array(stored, name) for name in stored.files}


def _array(stored: np.lib.npyio.NpzFile, name: str) -> ArrayLike:
    try:
        return stored[name]
    except (ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        if "allow_pickle" in str(error):
            raise ValueError(f"{name!r} is an array of objects; only arrays of real numbers are read") from None
        raise ValueError(f"{name!r} is damaged: {error}") from None
