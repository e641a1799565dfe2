"""A comparison as a self-contained HTML table for notebooks."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from deeplimits.comparison.blocks import HEADER, LEGEND, Block, blocks, headline, remarks
from deeplimits.comparison.comparison import Comparison

# Colours are taken from the page and only tinted, so that light and dark notebooks both work.
_STYLE = """
.deeplimits{font:14px/1.45 system-ui,sans-serif;overflow-x:auto}
.deeplimits p{margin:.3em 0}.deeplimits .faint{opacity:.7}
.deeplimits table{border-collapse:collapse;margin:.3em 0;font-variant-numeric:tabular-nums}
.deeplimits th,.deeplimits td{padding:.15em .7em;text-align:right;background:none;border:0}
.deeplimits thead th{border-bottom:1px solid currentColor;font-weight:600}
.deeplimits th:first-child,.deeplimits td:last-child,.deeplimits th:last-child{text-align:left}
.deeplimits tbody th{font-weight:400}
.deeplimits .verdict{border-radius:.4em;padding:0 .5em;background:#8884}
.deeplimits .within{background:#2a9d4a40}.deeplimits .outside{background:#d6452b40}
"""


def as_html(comparison: Comparison) -> str:
    """Return ``comparison`` as an HTML fragment with its own style, readable on light and dark pages."""
    what, how = headline(comparison)
    parts = [f"<style>{_STYLE}</style>", f"<p><b>{escape(what)}</b><br>{escape(how)}</p>"]
    parts += [_block(block) for block in blocks(comparison)]
    if comparison.rows:
        parts.append(f'<p class="faint">{escape(LEGEND)}</p>')
    parts += [f"<p><b>{escape(limit)}</b> {escape(sentence)}</p>" for limit, sentence in remarks(comparison)]
    return f'<div class="deeplimits">{"".join(parts)}</div>'


def _block(block: Block) -> str:
    title = f"<p><b>{escape(block.title)}</b>: {escape(block.measured)}</p>"
    notes = "".join(f'<p class="faint">{escape(note)}</p>' for note in block.notes)
    if not block.cells:
        return title + '<p class="faint">no limit predicts it</p>' + notes
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in HEADER)
    rows = "".join(_row(cells, verdict) for cells, verdict in zip(block.cells, block.verdicts, strict=True))
    return f"{title}<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{notes}"


def _row(cells: Sequence[str], verdict: str) -> str:
    limit, *numbers, judged = (escape(cell) for cell in cells)
    middle = "".join(f"<td>{number}</td>" for number in numbers)
    badge = f'<span class="verdict {escape(verdict)}">{judged}</span>'
    return f'<tr><th scope="row">{limit}</th>{middle}<td>{badge}</td></tr>'
