"""What the parser found wrong, in one sentence."""

from __future__ import annotations

from cyclopts import CycloptsError, MissingArgumentError, UnusedCliTokensError


def explain(error: CycloptsError) -> str:
    """Return what was got, what is expected and, where the parser knows one, the nearest valid name."""
    if isinstance(error, UnusedCliTokensError) and error.unused_tokens:
        return f"unexpected argument {error.unused_tokens[0]!r}; options have names, as in --width 100"
    text = str(error).rstrip(".")
    if isinstance(error, MissingArgumentError) and error.argument is not None and error.keyword is None:
        _, _, suggestion = text.partition("requires an argument")
        return f"{error.argument.name} is required{suggestion}"
    return text[:1].lower() + text[1:]
