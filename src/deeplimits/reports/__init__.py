"""Reports: pages about runs, made from their stores alone, and the references of whatever was used.

Names are imported when they are first used, so that a citation costs no drawing library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deeplimits.reports.citing import cite
    from deeplimits.reports.page import write_comparison, write_index, write_report

_HOME = {"cite": "citing", "write_comparison": "page", "write_index": "page", "write_report": "page"}

__all__ = ["cite", "write_comparison", "write_index", "write_report"]


def __getattr__(name: str) -> object:
    """Import ``name`` when it is first asked for (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value
