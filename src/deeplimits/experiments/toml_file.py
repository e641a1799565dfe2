"""A sweep's TOML file."""

from __future__ import annotations

import tomllib
from pathlib import Path

from deeplimits.experiments.network_document import DocumentError, network_sweep
from deeplimits.experiments.network_sweep import NetworkSweep


def read_sweep(path: Path | str) -> NetworkSweep:
    """Return the sweep that the TOML file at ``path`` describes.

    Raises:
        ValueError: there is no such file, its syntax is wrong (the message has the line) or its content is (the message
            has the key's path).
    """
    file = Path(path)
    if not file.is_file():
        raise ValueError(f"sweep file {str(path)!r} does not exist or is not a file")
    try:
        document = tomllib.loads(file.read_bytes().decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: it is not text in UTF-8 (byte {error.start})") from None
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path}: {_lower_first(str(error))}") from None
    except RecursionError:
        raise ValueError(f"{path}: its lists or tables are nested too deeply") from None
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}") from None
    try:
        return network_sweep(document, file.parent)
    except DocumentError as error:
        raise ValueError(f"{path}: {error}") from None


def _lower_first(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
