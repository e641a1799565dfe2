"""Tables from rows, so that how the rows are cut into files does not show in the table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from polars import DataType as DataType
else:
    DataType = object  # run-time type checkers cannot check for polars' class, whose repr is not its name


class MixedColumnError(ValueError):
    """Say that a column holds text in one place and numbers in another."""


def frame(rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Return a table of ``rows``; a column that a row does not have is null there.

    Raises:
        MixedColumnError: a column holds both text and numbers, or other kinds that do not mix.

    >>> frame([{"width": 16, "scale": 1}, {"width": 32, "scale": 0.5}]).schema["scale"]
    Float64
    """
    names = list(dict.fromkeys(name for row in rows for name in row))
    return pl.DataFrame([_series(name, [row.get(name) for row in rows]) for name in names])


def stack(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Return all rows in one table, columns in order of first appearance.

    Raises:
        MixedColumnError: a column holds text in one table and numbers in another.
    """
    tables = list(frames)
    types: dict[str, DataType] = {}
    for table in tables:
        for name, dtype in table.schema.items():
            types[name] = common_type(name, types.get(name, pl.Null()), dtype)
    cast = [table.cast({name: types[name] for name in table.columns}) for table in tables]
    return pl.concat(cast, how="diagonal") if cast else pl.DataFrame()


def common_type(name: str, a: DataType, b: DataType) -> DataType:
    """Return the type that holds both: whole and fractional numbers mix, nothing else does but with nulls.

    Raises:
        MixedColumnError: there is none.
    """
    if a == b or b == pl.Null:
        return a
    if a == pl.Null:
        return b
    if {a, b} == {pl.Int64(), pl.Float64()}:
        return pl.Float64()
    if isinstance(a, pl.List) and isinstance(b, pl.List):
        return pl.List(common_type(name, _class_or_instance(a.inner), _class_or_instance(b.inner)))
    raise MixedColumnError(f"column {name!r} holds {_word(a)} in one place and {_word(b)} in another")


def type_of(name: str, value: object) -> DataType:
    """Return the type of a column that holds ``value``, a Python number, text, truth value, None or list of these."""
    if value is None:
        return pl.Null()
    if isinstance(value, list):
        inner = (type_of(name, item) for item in value)
        return pl.List(_common(name, inner))
    kinds: dict[type, DataType] = {bool: pl.Boolean(), int: pl.Int64(), float: pl.Float64(), str: pl.String()}
    return kinds[type(value)]


def _series(name: str, values: list[Any]) -> pl.Series:
    dtype = _common(name, (type_of(name, value) for value in values))
    if dtype == pl.Float64:
        values = [None if value is None else float(value) for value in values]
    return pl.Series(name, values, dtype=dtype)


def _common(name: str, types: Iterable[DataType]) -> DataType:
    found: DataType = pl.Null()
    for dtype in types:
        found = common_type(name, found, dtype)
    return found


def _class_or_instance(dtype: Any) -> DataType:
    """Return a type as an instance: polars gives the inner type of a list as either."""
    instance: DataType = dtype() if isinstance(dtype, type) else dtype
    return instance


def _word(dtype: DataType) -> str:
    words = {pl.Boolean(): "truth values", pl.Int64(): "numbers", pl.Float64(): "numbers", pl.String(): "text"}
    return words.get(dtype, "lists")
