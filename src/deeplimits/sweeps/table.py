"""What a table of results is and holds, named without importing Polars."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from polars import DataFrame as DataFrame
else:
    DataFrame = object  # run-time type checkers cannot check for polars' class, whose repr is not its name


def number(value: float | None) -> float:
    """Return a table's number; NaN for null."""
    return math.nan if value is None else float(value)
