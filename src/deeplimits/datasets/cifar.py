"""A user's copy of CIFAR-10, in either of the formats in which it is published."""

from __future__ import annotations

import io
import pickle
from pathlib import Path
from typing import Any

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.datasets.labelled import Labels

PIXELS = 3 * 32 * 32
_TRAIN, _TEST = [f"data_batch_{number}" for number in range(1, 6)], ["test_batch"]
# One number each for the three channels, as in Golikov's experiments.
_MEAN, _DEVIATION = 0.4734, 0.2516
# All that the published files need; anything else in a pickle could run code.
_ALLOWED = {
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
    ("_codecs", "encode"),
}


def cifar10(
    folder: Path, *, unit_range: bool = False
) -> tuple[tuple[Float64Array, Labels], tuple[Float64Array, Labels]]:
    """Return training and test images: pixels in [0, 1], less 0.4734 and over 0.2516, and their labels.

    Args:
        folder: holds ``data_batch_1`` … ``test_batch`` (the Python version) or ``data_batch_1.bin`` … (the binary
            version), itself or in the ``cifar-10-batches-py`` or ``cifar-10-batches-bin`` that the archives unpack to.
        unit_range: leave pixels in [0, 1].

    Raises:
        ValueError: the files are not there, or are not of the format.
    """
    places = [folder, folder / "cifar-10-batches-py", folder / "cifar-10-batches-bin"]
    for place in places:
        for suffix, read in (("", _read_pickle), (".bin", _read_binary)):
            if (place / f"{_TEST[0]}{suffix}").is_file():
                train, test = (
                    [read(_existing(place / f"{name}{suffix}")) for name in names] for names in (_TRAIN, _TEST)
                )
                return _joined(train, unit_range), _joined(test, unit_range)
    raise ValueError(
        f"no CIFAR-10 in {str(folder)!r}: expected the files data_batch_1 … data_batch_5 and test_batch (or the same "
        "with .bin), there or in its folder cifar-10-batches-py or cifar-10-batches-bin"
    )


def _existing(file: Path) -> Path:
    if not file.is_file():
        raise ValueError(f"CIFAR-10 is incomplete: {str(file)!r} is not there")
    return file


def _joined(batches: list[tuple[Any, Any]], unit_range: bool) -> tuple[Float64Array, Labels]:
    pixels = np.concatenate([pixels for pixels, _ in batches]).astype(np.float64)
    labels = np.concatenate([labels for _, labels in batches]).astype(np.int64)
    return pixels / 255 if unit_range else (pixels / 255 - _MEAN) / _DEVIATION, labels


def _read_binary(file: Path) -> tuple[Any, Any]:
    """Return pixels and labels of rows of one byte for the label and 3072 for the pixels."""
    content = np.frombuffer(file.read_bytes(), dtype=np.uint8)
    if not content.size or content.size % (PIXELS + 1):
        raise ValueError(f"{str(file)!r} is no CIFAR-10 file: {content.size} bytes are not rows of {PIXELS + 1}")
    rows = content.reshape(-1, PIXELS + 1)
    return _checked(file, rows[:, 1:], rows[:, 0])


def _read_pickle(file: Path) -> tuple[Any, Any]:
    """Return pixels and labels of a pickled dictionary of ``data`` and ``labels``."""
    try:
        content = _Unpickler(io.BytesIO(file.read_bytes()), encoding="bytes").load()
        pixels, labels = (np.asarray(content[name]) for name in (b"data", b"labels"))
    except (pickle.UnpicklingError, EOFError, KeyError, TypeError, AttributeError, IndexError, ImportError) as error:
        raise ValueError(f"{str(file)!r} is no CIFAR-10 file: {error}") from None
    return _checked(file, pixels, labels)


class _Unpickler(pickle.Unpickler):
    """Read arrays and plain values only."""

    def find_class(self, module: str, name: str) -> Any:
        """Return what a pickle names, if it is one of the few that CIFAR-10 needs."""
        if (module, name) not in _ALLOWED:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}, which the published files do not")
        return super().find_class(module, name)


def _checked(file: Path, pixels: Any, labels: Any) -> tuple[Any, Any]:
    if pixels.dtype != np.uint8 or pixels.shape != (labels.size, PIXELS) or labels.dtype.kind not in "iu":
        raise ValueError(
            f"{str(file)!r} is no CIFAR-10 file: expected one label for each row of {PIXELS} bytes, got "
            f"{labels.shape} labels and pixels of shape {pixels.shape}, {pixels.dtype}"
        )
    if labels.size and (labels.min() < 0 or labels.max() > 9):
        raise ValueError(f"{str(file)!r} is no CIFAR-10 file: a label is not from 0 to 9")
    return pixels, labels
