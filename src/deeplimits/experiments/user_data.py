"""Data of an experiment that a user may choose, some of them from a folder of the user's."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from deeplimits.validation import one_of


def checked_data(data: str, data_dir: str | Path | None, known: Collection[str]) -> tuple[str, str | None]:
    """Return the name of the data, and the folder of a user's copy of CIFAR-10 as an absolute path.

    Args:
        data: one of ``known``.
        data_dir: folder, for names that begin with cifar only.
        known: names that the experiment knows.

    Raises:
        ValueError: the data are unknown, are CIFAR-10 without a folder, or have no folder.
    """
    one_of("data", data, known)
    if not data.startswith("cifar"):
        if data_dir is not None:
            raise ValueError(f"data_dir is for CIFAR-10, {data} needs no folder")
        return data, None
    if data_dir is None:
        raise ValueError(f"{data} is read from your copy of CIFAR-10: give data_dir (--data-dir)")
    return data, str(Path(data_dir).absolute())


def data_settings(data_dir: str | None) -> dict[str, str]:
    """Return where a user's data are, for ``Experiment.settings``; which they are is a field of every cell."""
    return {} if data_dir is None else {"data_dir": data_dir}
