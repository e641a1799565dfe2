"""What a cell's field may hold, and the one form in which equal values are equal."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

Value: TypeAlias = str | int | float | bool | list[Any]


def as_value(path: str, value: object) -> Value:
    """Return ``value`` as plain text, number, truth value or list of those.

    Args:
        path: where it stands, for the message.
        value: what a user or an experiment gave; NumPy scalars and arrays are converted.

    Raises:
        ValueError: it is something else, or a number that is not finite or needs over 64 bits.

    >>> as_value("width", (16, 32.0))
    [16, 32.0]
    """
    if hasattr(value, "tolist"):  # a NumPy scalar or array
        value = value.tolist()
    if isinstance(value, (str, bool)):
        return value
    if isinstance(value, int):
        if not -(2**63) <= value < 2**63:
            raise ValueError(f"{path} must fit in 64 bits, got {value}")
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{path} must be a finite number, got {value}")
        return value
    if isinstance(value, Sequence):
        return [as_value(f"{path}[{i}]", item) for i, item in enumerate(value)]
    raise ValueError(f"{path} must be text, a number, true or false, or a list of these, got {type(value).__name__}")


def canonical(value: Value) -> Value:
    """Return the form in which equal values are equal: a whole float is the int, as 50.0 is 50."""
    if isinstance(value, list):
        return [canonical(item) for item in value]
    if isinstance(value, float) and value.is_integer() and abs(value) <= 2**53:
        return int(value)
    return value


def without_defaults(fields: Mapping[str, Value], defaults: Mapping[str, Value]) -> dict[str, Value]:
    """Return the canonical fields that are not at their default.

    >>> without_defaults({"width": 50.0, "seed": 0}, {"seed": 0})
    {'width': 50}
    """
    standard = {name: canonical(value) for name, value in defaults.items()}
    content = {name: canonical(value) for name, value in fields.items()}
    return {name: value for name, value in content.items() if not _same(standard.get(name), value)}


def _same(default: Value | None, value: Value) -> bool:
    # True == 1 in Python, but they are different content.
    return default == value and isinstance(default, bool) == isinstance(value, bool)
