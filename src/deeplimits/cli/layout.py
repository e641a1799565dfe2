"""Text on a screen: a heading word, then wrapped text that hangs under itself."""

from __future__ import annotations

import textwrap

WIDTH = 100


def labelled(label: str, text: str, column: int = 12) -> str:
    """Return ``text`` wrapped beside ``label``, every line of it starting at ``column``.

    >>> print(labelled("regime", "width to infinity"))
      regime    width to infinity
    """
    head = f"  {label}".ljust(column - 1) + " "
    return textwrap.fill(
        text, WIDTH, initial_indent=head, subsequent_indent=" " * column, break_on_hyphens=False, break_long_words=False
    )
