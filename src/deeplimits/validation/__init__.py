"""Checks of a user's input, below everything else on the ground floor."""

from deeplimits.validation.checks import (
    finite_number,
    nearest,
    nonnegative_number,
    one_of,
    positive_integer,
    positive_number,
    unknown_name,
)

__all__ = [
    "finite_number",
    "nearest",
    "nonnegative_number",
    "one_of",
    "positive_integer",
    "positive_number",
    "unknown_name",
]
