"""Refuse, before any work, what would not fit in memory."""

from __future__ import annotations

import os

from deeplimits.architectures import Architecture
from deeplimits.sampling.methods import CHAIN, DENSE, Method

# Beside the entries of an array: the random bits they are made from, and one temporary.
_COPIES = 3


def bytes_needed(architecture: Architecture, num_inputs: int, method: Method) -> int:
    """Return about how many bytes one block of networks takes."""
    columns = max(architecture.width, architecture.input_dim)
    rows = max(architecture.width, architecture.output_dim)
    entries = rows * columns if method is DENSE else (rows + columns) * num_inputs
    if method is CHAIN:  # holds no vector of units
        entries = architecture.output_dim + 16
    return 4 * _COPIES * entries * method.block_size


def available_bytes() -> int | None:
    """Return the machine's memory in bytes, or None where the system does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return None


def check_memory(architecture: Architecture, num_inputs: int, method: Method) -> None:
    """Raise if one block would not fit.

    Raises:
        ValueError: says how much is needed, how much there is, and what would do instead.
    """
    needed, available = bytes_needed(architecture, num_inputs, method), available_bytes()
    if available is None or needed <= 0.8 * available:
        return
    advice = "use matrix='lazy', which never holds a matrix" if method is DENSE else "use fewer inputs or less width"
    raise ValueError(
        f"a block of {method.block_size} networks of width {architecture.width} with {method.name} matrices needs "
        f"about {needed / 2**30:.1f} GiB, this machine has {available / 2**30:.1f} GiB: {advice}"
    )
