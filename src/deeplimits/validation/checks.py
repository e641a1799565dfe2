"""Checks that turn a user's mistake into one clear sentence before any work starts."""

from __future__ import annotations

import difflib
import math
import operator
from collections.abc import Iterable


def positive_integer(name: str, value: object) -> int:
    """Return ``value`` as an int.

    Raises:
        ValueError: ``value`` is not an integer of at least 1.
    """
    message = f"{name} must be an integer of at least 1, got {value!r}"
    if isinstance(value, bool):
        raise ValueError(message)
    try:
        number = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        raise ValueError(message) from None
    if number < 1:
        raise ValueError(message)
    return number


def finite_number(name: str, value: object) -> float:
    """Return ``value`` as a float.

    Raises:
        ValueError: ``value`` is not a finite real number.
    """
    message = f"{name} must be a finite number, got {value!r}"
    if isinstance(value, (bool, str)):
        raise ValueError(message)
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise ValueError(message) from None
    if not math.isfinite(number):
        raise ValueError(message)
    return number


def positive_number(name: str, value: object) -> float:
    """Return ``value`` as a float.

    Raises:
        ValueError: ``value`` is not a finite real number above 0.
    """
    number = finite_number(name, value)
    if number <= 0:
        raise ValueError(f"{name} must be above 0, got {value!r}")
    return number


def unknown_name(what: str, got: str, known: Iterable[str]) -> ValueError:
    """Build the error for an unknown name, suggesting the nearest known one."""
    choices = sorted(known)
    near = difflib.get_close_matches(got.lower(), choices, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return ValueError(f"unknown {what} {got!r}; {hint}choose from {', '.join(choices)}")
