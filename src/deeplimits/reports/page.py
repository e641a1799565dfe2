"""One self-contained HTML page about a store."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from deeplimits.files import write_atomically
from deeplimits.sweeps.status import status
from deeplimits.sweeps.store import Store

ROWS_AT_MOST = 2000
_STYLE = """
:root { color-scheme: light dark; --line: #8886; --bad: #b3261e; --good: #1b7f4b; }
@media (prefers-color-scheme: dark) { :root { --bad: #ff8a80; --good: #7bd3a3; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .9em; }
th, td { text-align: left; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
.missing, .failed, .surprise { color: var(--bad); } .expected { color: var(--good); }
pre { overflow-x: auto; font-size: .85em; }
"""


def write_report(store: Store) -> Path:
    """Write ``report.html`` into the store and return its path.

    Raises:
        ValueError: the store is damaged.
    """
    path = store.folder / "report.html"
    write_atomically(path, page(store).encode())
    return path


def page(store: Store) -> str:
    """Return the page: claims with their outcomes, every cell with its results or its absence, and provenance."""
    head, found = store.description(), status(store)
    title = f"{head['experiment']}" + (f", scale {head['scale']}" if "scale" in head else "")
    counts = f"{found['finished']} of {found['cells']} cells finished"
    counts += f", {len(found['failed'])} failed, {found['missing']} missing"
    parts = [
        "<!doctype html>",
        f'<html lang="en"><head><meta charset="utf-8"><title>{_text(title)}</title>',
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>',
        "<body><main>",
        f"<h1>{_text(title)}</h1><p>{_text(head['title'])}</p><p>{_text(counts)}.</p>",
        _claims(found["claims"]),
        _cells(store, {failure["cell"]: failure["error"] for failure in found["failed"]}),
        _provenance(store.provenance()),
        "</main></body></html>",
    ]
    return "\n".join(parts)


def _claims(claims: Sequence[Mapping[str, Any]]) -> str:
    if not claims:
        return ""
    rows = []
    for claim in claims:
        outcome = claim["outcome"] or "not judged yet"
        style = {True: "expected", False: "surprise", None: ""}[claim.get("as_expected")]
        distance = claim.get("distance") or {}
        rows.append(
            [
                f'<span class="{style}">{_text(outcome)}</span>',
                _text(claim["statement"]),
                _text(claim["expected"]),
                _text(_interval(distance)),
                _number(claim["tolerance"]),
                _text(claim.get("where") or ""),
                _text(claim["source"]),
            ]
        )
    header = ("outcome", "claim", "expected", "distance", "tolerance", "where", "source")
    return f"<h2>Claims</h2>{_table(header, rows)}"


def _cells(store: Store, failed: Mapping[str, str]) -> str:
    table = store.table(missing=True)
    finished = set(store.finished()["cell"])
    rows = [
        [
            _state(cell, finished, failed),
            *(_number(value) if name != "cell" else _text(value) for name, value in row.items()),
        ]
        for row in table.head(ROWS_AT_MOST).to_dicts()
        for cell in [row["cell"]]
    ]
    note = f"<p>The first {ROWS_AT_MOST} of {len(table)} rows.</p>" if len(table) > ROWS_AT_MOST else ""
    return f"<h2>Cells</h2>{note}{_table(['state', *table.columns], rows)}"


def _state(cell: str, finished: Iterable[str], failed: Mapping[str, str]) -> str:
    if cell in finished:
        return "finished"
    return (
        f'<span class="failed">failed: {_text(failed[cell])}</span>'
        if cell in failed
        else '<span class="missing">missing</span>'
    )


def _provenance(provenance: Mapping[str, Any]) -> str:
    runs = provenance.get("runs", [])
    columns = ("started", "outcome", "computed", "reused", "failed", "workers", "host", "command", "commit")
    rows = [[_text(str(run.get(name, ""))) for name in columns] for run in runs]
    versions = [
        [_text(identity), _text(", ".join(f"{name} {version}" for name, version in found.items()))]
        for identity, found in provenance.get("environments", {}).items()
    ]
    seed = _text(str(provenance.get("seed", "unknown")))
    return (
        f"<h2>Provenance</h2><p>Seed {seed}.</p>{_table(columns, rows)}"
        f"<h3>Versions</h3>{_table(('environment', 'versions'), versions)}"
    )


def _table(header: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{_text(name)}</th>" for name in header)
    body = "\n".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _interval(distance: Mapping[str, Any]) -> str:
    if not distance:
        return ""
    return f"{_number(distance['value'])} ({_number(distance['low'])} to {_number(distance['high'])})"


def _number(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.5g}" if isinstance(value, float) else _text(str(value))


def _text(text: str) -> str:
    return html.escape(text)
