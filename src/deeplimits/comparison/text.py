"""A comparison as a plain-text table."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from deeplimits.comparison.blocks import HEADER, LEGEND, Block, blocks, headline, remarks
from deeplimits.comparison.comparison import Comparison

WIDTH = 100
_GAPS = (2, 2, 1, 2, 1, 2, 2, 1, 2)  # spaces before each column: an error or noise stands close to its number
_WORDS = (0, len(HEADER) - 1)  # columns of words, set to the left
_DROPPED_FIRST = (7, 6, 4, 2)  # columns that make way, in this order, where numbers are too long for the page


def as_text(comparison: Comparison) -> str:
    """Return ``comparison`` as text of at most 100 columns."""
    shown = list(blocks(comparison))
    columns, widths = _layout([HEADER, *(cells for block in shown for cells in block.cells)])
    lines = [line for part in headline(comparison) for line in _wrapped(part)]
    for block in shown:
        lines += ["", *_block(block, columns, widths)]
    if comparison.rows:
        lines += ["", *_wrapped(LEGEND)]
    remarks_lines = [line for limit, sentence in remarks(comparison) for line in _wrapped(f"{limit} {sentence}", "  ")]
    return "\n".join([*lines, *([""] if remarks_lines else []), *remarks_lines])


def _block(block: Block, columns: Sequence[int], widths: Sequence[int]) -> list[str]:
    lines = _wrapped(f"{block.title}: {block.measured}")
    if block.cells:
        lines += [_line(cells, columns, widths) for cells in (HEADER, *block.cells)]
    else:
        lines.append("  no limit predicts it")
    return lines + [line for note in block.notes for line in _wrapped(f"  {note}", "    ")]


def _layout(table: Sequence[Sequence[str]]) -> tuple[list[int], list[int]]:
    """Return the columns that fit the page, and the width of every column."""
    widths = [max(len(row[column]) for row in table) for column in range(len(HEADER))]
    columns = list(range(len(HEADER)))
    for column in _DROPPED_FIRST:
        if sum(widths[kept] + _GAPS[kept] for kept in columns) <= WIDTH:
            break
        columns.remove(column)
    return columns, widths


def _line(cells: Sequence[str], columns: Sequence[int], widths: Sequence[int]) -> str:
    parts = []
    for column in columns:
        adjust = str.ljust if column in _WORDS else str.rjust
        parts.append(" " * _GAPS[column] + adjust(cells[column], widths[column]))
    return "".join(parts).rstrip()


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, subsequent_indent=indent, break_on_hyphens=False) or [""]
