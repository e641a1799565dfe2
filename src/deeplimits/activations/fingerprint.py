"""Tell user functions apart by what they do, the same in every process."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from types import CodeType
from typing import Any


def fingerprint(function: Callable[..., Any]) -> str:
    """Return 16 hex digits that depend on the function's code, its defaults and the values it closes over.

    Global names count by name only: a function that reads a global number keeps its fingerprint when that changes.

    >>> def power(exponent):
    ...     return lambda z: z**exponent
    >>> fingerprint(power(2)) == fingerprint(power(2)), fingerprint(power(2)) == fingerprint(power(3))
    (True, False)
    """
    return hashlib.blake2b(repr(_content(function)).encode(), digest_size=8).hexdigest()


def _content(value: Any) -> Any:
    """Return ``value`` as something whose text does not hold addresses in memory."""
    if isinstance(value, CodeType):
        return (value.co_code, value.co_names, value.co_freevars, [_content(constant) for constant in value.co_consts])
    code = getattr(value, "__code__", None)
    if code is None:
        # A callable object, a compiled function, or a plain closed-over value.
        return repr(value) if not callable(value) else (type(value).__qualname__, getattr(value, "__qualname__", ""))
    cells = [_content(cell.cell_contents) for cell in value.__closure__ or ()]
    return (_content(code), [_content(default) for default in value.__defaults__ or ()], cells)
