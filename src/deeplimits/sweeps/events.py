"""What a running sweep tells whoever watches it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

Kind = Literal["begun", "progress", "retried", "failed", "note", "ended"]


@dataclass(frozen=True)
class Event:
    """Hold one thing that happened.

    Args:
        kind: ``begun`` (with the estimate), ``progress`` (numbers changed), ``retried`` and ``failed`` (a cell),
            ``note`` (what a person should know) or ``ended``.
        text: the same in words; empty for ``progress``.
        data: numbers, JSON-ready.
    """

    kind: Kind
    text: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


Observer: TypeAlias = Callable[[Event], None]


def nobody(event: Event) -> None:
    """Watch nothing."""
