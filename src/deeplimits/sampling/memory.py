"""Refuse, before any work, what would not fit in memory."""

from __future__ import annotations

import os

from deeplimits.architectures import Architecture
from deeplimits.networks.scales import hidden_width_of
from deeplimits.sampling.devices import NUM_THREADS
from deeplimits.sampling.methods import CHAIN, COMPILED, DENSE, Method

# Beside the entries of an array: the random bits they are made from, and one temporary.
_COPIES = 3


def bytes_needed(architecture: Architecture, num_inputs: int, method: Method) -> int:
    """Return about how many bytes the blocks take that the cores of this process draw side by side."""
    hidden = hidden_width_of(architecture) or 0
    columns = max(architecture.width, hidden, architecture.input_dim)
    rows = max(architecture.width, hidden, architecture.output_dim)
    entries = rows * columns if method is DENSE else (rows + columns) * num_inputs
    if method in (CHAIN, COMPILED):  # hold the units of no network, or of a few at a time
        entries = architecture.output_dim + 16
    return 4 * _COPIES * entries * method.block_size * NUM_THREADS


def available_bytes() -> int | None:
    """Return the machine's memory in bytes, or None where the system does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return None


def check_memory(architecture: Architecture, num_inputs: int, method: Method) -> None:
    """Raise if the blocks that are drawn side by side would not fit.

    Raises:
        ValueError: says how much is needed, how much there is, and what would do instead.
    """
    needed, available = bytes_needed(architecture, num_inputs, method), available_bytes()
    if available is None or needed <= 0.8 * available:
        return
    advice = "use matrix='lazy', which never holds a matrix" if method is DENSE else "use fewer inputs or less width"
    raise ValueError(
        f"{NUM_THREADS} × {method.block_size} networks of width {architecture.width} side by side with {method.name} "
        f"matrices need about {needed / 2**30:.1f} GiB, this machine has {available / 2**30:.1f} GiB: {advice}"
    )
