"""What tells one data set's numbers from another's."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray


def fingerprint_of(arrays: Iterable[NDArray[Any]]) -> str:
    """Return 16 hexadecimal digits of shapes and values.

    >>> fingerprint_of([np.zeros(2)]) == fingerprint_of([np.zeros(3)])
    False
    """
    digest = hashlib.blake2b(digest_size=8)
    for array in arrays:
        digest.update(repr(array.shape).encode() + np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()
