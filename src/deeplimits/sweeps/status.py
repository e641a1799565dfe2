"""What a store holds, from the store alone."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl

from deeplimits.sweeps.chunk import CELL, DEVICE, ENVIRONMENT, DamagedChunkError
from deeplimits.sweeps.store import Store


def stores_in(folder: Path | str) -> list[Store]:
    """Return the store in ``folder``, or the stores in its subfolders.

    Raises:
        ValueError: there is none.
    """
    path = Path(folder)
    if Store(path).exists():
        return [Store.open(path)]
    inner = [Store.open(sub) for sub in sorted(path.glob("*")) if Store(sub).exists()]
    return inner or [Store.open(path)]


def status(store: Store) -> dict[str, Any]:
    """Return what the store holds, JSON-ready: counts of cells, who is running, claims, versions, what is damaged."""
    head, grid = store.description(), store.grid()
    finished = store.finished()
    done = finished.filter(pl.col(CELL).is_in(grid[CELL].implode()))
    failures = [failure for failure in store.failures() if failure["cell"] in set(grid[CELL]) - set(done[CELL])]
    provenance = store.provenance()
    return {
        "folder": str(store.folder),
        "experiment": head["experiment"],
        "version": head["version"],
        "scale": head.get("scale"),
        "seed": head["seed"],
        "cells": len(grid),
        "finished": len(done),
        "failed": [{"cell": failure["cell"], "error": failure["error"]} for failure in failures],
        "missing": len(grid) - len(done) - len(failures),
        "not_in_grid": len(finished) - len(done),
        "running": store.runner() or None,
        "runs": len(provenance.get("runs", [])),
        "last_run": (provenance.get("runs") or [None])[-1],
        "environments": sorted(set(done[ENVIRONMENT])),
        "devices": sorted(set(done[DEVICE])),
        "damaged": [str(path) for path, table in store.chunks((CELL,)) if isinstance(table, DamagedChunkError)],
        "set_aside": len(list(store.set_aside_folder.glob("*"))),
        "claims": store.claims(),
    }


def in_words(found: dict[str, Any]) -> str:
    """Return what `status` found, a few lines."""
    scale = f", scale {found['scale']}" if found["scale"] else ""
    lines = [f"{found['folder']}: {found['experiment']} version {found['version']}{scale}, seed {found['seed']}"]
    counts = f"  cells     {found['finished']} of {found['cells']} finished"
    counts += f", {len(found['failed'])} failed, {found['missing']} missing"
    lines.append(counts)
    lines += [f"  failed    {failure['cell']}: {failure['error']}" for failure in found["failed"][:5]]
    if len(found["failed"]) > 5:
        lines.append(f"            and {len(found['failed']) - 5} more; see {found['folder']}/failed")
    lines.append(f"  run       {_run_in_words(found)}")
    lines += [f"  note      {sentence}" for sentence in _notes(found)]
    outcomes = Counter("not judged yet" if c["outcome"] is None else c["outcome"] for c in found["claims"])
    if outcomes:
        lines.append("  claims    " + ", ".join(f"{count} {outcome}" for outcome, count in outcomes.items()))
    lines += [f"  surprise  {c['name']}: {c['outcome']}, not {c['expected']}" for c in surprises(found["claims"])]
    return "\n".join(lines)


def surprises(claims: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the claims whose decided outcome is not the expected one."""
    return [claim for claim in claims if claim["outcome"] not in (None, "undecided", "not tested", claim["expected"])]


def _run_in_words(found: dict[str, Any]) -> str:
    last = found["last_run"]
    if found["running"]:
        return f"running: process {found['running'].get('pid')} on {found['running'].get('host')}"
    if last is None:
        return "none recorded"
    if last["ended"] is None:
        return f"the last of {found['runs']} was killed; run the same command again to go on: {last['command']}"
    return f"the last of {found['runs']} {last['outcome']} at {last['ended']}: {last['command']}"


def _notes(found: dict[str, Any]) -> list[str]:
    notes = []
    if found["not_in_grid"]:
        notes.append(f"{found['not_in_grid']} finished cells are not in this grid; they are kept")
    if len(found["environments"]) > 1:
        notes.append(f"cells were computed with {len(found['environments'])} sets of versions; see provenance.json")
    if len(found["devices"]) > 1:
        notes.append(f"cells were computed on {', '.join(found['devices'])}: equal in law, not to the last bit")
    if found["damaged"]:
        notes.append(f"{len(found['damaged'])} damaged files; the next run computes their cells again")
    if found["set_aside"]:
        notes.append(f"{found['set_aside']} files were set aside in {found['folder']}/set-aside")
    return notes
