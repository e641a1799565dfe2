"""Where a figure goes: checked before any work, written all at once."""

from __future__ import annotations

import os
from pathlib import Path

from matplotlib.figure import Figure

from deeplimits.figures.style import visual_language

# What a file says of its making, without the time, so that the same figure is the same file.
_UNDATED = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}, ".png": {}}


def check_destination(path: str | Path) -> Path:
    """Return ``path`` if a figure can be written there.

    Raises:
        ValueError: its ending is not .svg, .pdf or .png, or its folder is missing or not writable.
    """
    file = Path(path)
    if file.suffix.lower() not in _UNDATED:
        raise ValueError(f"a figure's name must end in {', '.join(_UNDATED)}, got {str(path)!r}")
    if file.is_dir():
        raise ValueError(f"the figure {str(path)!r} is a folder; give a file name")
    if not file.parent.is_dir():
        raise ValueError(f"the figure's folder {str(file.parent)!r} does not exist; make it first")
    if not os.access(file.parent, os.W_OK | os.X_OK) or (file.exists() and not os.access(file, os.W_OK)):
        raise ValueError(f"the figure {str(path)!r} cannot be written: no permission")
    return file


def write_figure(figure: Figure, path: str | Path) -> None:
    """Write ``figure`` to ``path``: whole or not at all, an older file is replaced.

    Args:
        figure: what to write.
        path: file ending in .svg, .pdf or .png, which decides the format.

    Raises:
        ValueError: see `check_destination`.
    """
    file = check_destination(path)
    kind = file.suffix.lower()
    partial = file.with_name(f".{file.name}.{os.getpid()}.partial")
    try:
        with visual_language(), partial.open("wb") as stream:
            figure.savefig(stream, format=kind[1:], metadata=_UNDATED[kind])
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)
