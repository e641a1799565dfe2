"""Tell user functions apart by what they do, as far as that can be seen, the same in every process."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from types import CodeType, FunctionType, MethodType
from typing import Any


def fingerprint(function: Callable[..., Any]) -> str:
    """Return 16 hex digits that depend on the function's code and on the values that it uses.

    Followed are defaults, closed-over values, the globals it names, partial arguments, the object of a bound method,
    the function inside a compiled one, and the attributes of a callable object.

    >>> def power(exponent):
    ...     return lambda z: z**exponent
    >>> fingerprint(power(2)) == fingerprint(power(2)), fingerprint(power(2)) == fingerprint(power(3))
    (True, False)
    >>> fingerprint(functools.partial(pow, 2)) == fingerprint(functools.partial(pow, 3))
    False
    """
    return hashlib.blake2b(repr(_content(function, ())).encode(), digest_size=8).hexdigest()


def _content(value: Any, seen: tuple[int, ...]) -> Any:
    """Return ``value`` as something whose text holds no addresses in memory; ``seen`` stops cycles."""
    if id(value) in seen or len(seen) > 20:
        return "…"
    seen = (*seen, id(value))
    if isinstance(value, CodeType):
        constants = [_content(constant, seen) for constant in value.co_consts]
        return (value.co_code, value.co_names, value.co_freevars, constants)
    if isinstance(value, functools.partial):
        keywords = sorted(value.keywords.items())
        return ("partial", _content(value.func, seen), _content([list(value.args), keywords], seen))
    if isinstance(value, MethodType):
        return ("method", _content(value.__func__, seen), _content(value.__self__, seen))
    if isinstance(value, FunctionType):
        return _function_content(value, seen)
    if isinstance(getattr(value, "__wrapped__", None), FunctionType):  # jax.jit and its kind
        return ("wrapped", _content(value.__wrapped__, seen))
    return _value_content(value, seen)


def _function_content(function: FunctionType, seen: tuple[int, ...]) -> Any:
    used = {
        name: _content(function.__globals__[name], seen)
        for name in sorted(function.__code__.co_names)
        if name in function.__globals__ and _is_followed(function.__globals__[name], function.__module__)
    }
    defaults = [_content(value, seen) for value in function.__defaults__ or ()]
    keywords = [(name, _content(value, seen)) for name, value in sorted((function.__kwdefaults__ or {}).items())]
    cells = [_content(cell.cell_contents, seen) for cell in function.__closure__ or ()]
    return (_content(function.__code__, seen), used, defaults, keywords, cells)


def _is_followed(value: Any, module: str) -> bool:
    """Whether a global counts by its content: numbers, and functions of the same module; libraries count by name."""
    if isinstance(value, FunctionType):
        return value.__module__ == module
    return isinstance(value, (int, float, complex, str)) or _is_array(value)


def _is_array(value: Any) -> bool:
    return not isinstance(value, type) and hasattr(value, "__array__") and hasattr(value, "dtype")


def _value_content(value: Any, seen: tuple[int, ...]) -> Any:
    if isinstance(value, (list, tuple)):
        return [_content(entry, seen) for entry in value]
    if isinstance(value, (dict, set, frozenset)):
        entries = value.items() if isinstance(value, dict) else value
        return sorted(repr(_content(entry, seen)) for entry in entries)
    if isinstance(value, (str, bytes, int, float, complex, type(None))):
        return repr(value)
    if _is_array(value):
        array = value.__array__()
        return (str(array.dtype), array.shape, hashlib.blake2b(array.tobytes()).hexdigest())
    name = (type(value).__module__, type(value).__qualname__, getattr(value, "__qualname__", ""))
    own = isinstance(value, type) or type(value).__module__.split(".")[0] in ("jax", "jaxlib", "numpy", "builtins")
    return (name, "" if own else _content(getattr(value, "__dict__", {}), seen))
