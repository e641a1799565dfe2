"""The type of a table of results, named without importing Polars."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from polars import DataFrame as DataFrame
else:
    DataFrame = object  # run-time type checkers cannot check for polars' class, whose repr is not its name
