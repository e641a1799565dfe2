"""``deeplimits report``: a page about a store."""

from __future__ import annotations

from pathlib import Path


def report(folder: Path, /) -> None:
    """Write report.html into a sweep's store: cells, claims, provenance; from the store alone, at any moment."""
    from deeplimits.reports import write_report
    from deeplimits.sweeps.status import stores_in

    for store in stores_in(folder):
        print(f"report: {write_report(store)}")
