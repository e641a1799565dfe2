"""Which cores this process may use."""

from __future__ import annotations

import os
from collections.abc import Sequence


def usable_cores() -> Sequence[int | None]:
    """Return the core numbers to pin workers to, one for each core; None where processes cannot be pinned."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return [None] * (os.cpu_count() or 1)
