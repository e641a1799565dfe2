"""Numbers as people type them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from cyclopts import Token

Converter: TypeAlias = Callable[[Any, Sequence[Token]], Any]


def parsed_by(parse: Callable[[str], Any]) -> Converter:
    """Return a converter of one token by ``parse``."""
    return lambda hint, tokens: parse(tokens[0].value)


def whole_number(hint: Any, tokens: Sequence[Token]) -> int:
    """Convert one token to an int; ``1e5`` and ``1_000`` are whole numbers too, ``1.5`` is not rounded.

    Raises:
        ValueError: the token is not a whole number.
    """
    text = tokens[0].value
    try:
        return int(text)
    except ValueError:
        pass
    try:
        number = float(text)
    except ValueError:
        number = 0.5
    if not number.is_integer():
        raise ValueError(f"expected a whole number, got {text!r}")
    return int(number)


def whole_numbers(hint: Any, tokens: Sequence[Token]) -> list[int]:
    """Convert ``3,4,5``, or several of them, to whole numbers.

    Raises:
        ValueError: one is not a whole number.
    """
    parts = [part for token in tokens for part in token.value.split(",")]
    return [whole_number(int, [Token(value=part)]) for part in parts]
