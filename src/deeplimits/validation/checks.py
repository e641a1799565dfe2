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


def nonnegative_number(name: str, value: object) -> float:
    """Return ``value`` as a float.

    Raises:
        ValueError: ``value`` is not a finite real number of at least 0.
    """
    number = finite_number(name, value)
    if number < 0:
        raise ValueError(f"{name} must be at least 0, got {value!r}")
    return number


def one_of(what: str, got: object, known: Iterable[str]) -> str:
    """Return ``got``.

    Raises:
        ValueError: ``got`` is none of ``known``; the nearest one is suggested.
    """
    choices = tuple(known)
    if got not in choices:
        raise unknown_name(what, got, choices)
    return str(got)


def unknown_name(what: str, got: object, known: Iterable[str]) -> ValueError:
    """Build the error for an unknown name, or for what is no name at all, suggesting the nearest known one."""
    choices = sorted(known)
    return ValueError(f"unknown {what} {got!r}; {nearest(got, choices)}choose from {', '.join(choices)}")


def nearest(got: object, known: Iterable[str]) -> str:
    """Return a question for the nearest known name, with a space behind it; empty if none is near."""
    near = difflib.get_close_matches(str(got).lower(), list(known), n=1, cutoff=0.5)
    return f"did you mean {near[0]!r}? " if near else ""
