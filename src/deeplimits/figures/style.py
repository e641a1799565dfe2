"""The visual language: simulation is ink, each limit has one colour and line style everywhere.

The colours are told apart by colour-blind readers (Okabe and Ito 2008), the line styles and widths by a printer.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import matplotlib as mpl

INK = "#1b1f24"
FAINT_INK = "#6b7280"
SIMULATION_FILL = "#d4d8de"
PAPER = "#ffffff"


@dataclass(frozen=True)
class LimitStyle:
    """Say how one limit is drawn.

    Args:
        label: the limit's name in words.
        color: line and label colour.
        line: matplotlib line style.
        width: line width in points.
    """

    label: str
    color: str
    line: str
    width: float


LIMIT_STYLES = {
    "infinite-width": LimitStyle("infinite width", "#737980", "--", 1.6),
    "log-gaussian": LimitStyle("log-Gaussian", "#0072b2", "-", 2.0),
    "exact": LimitStyle("exact", "#000000", "-", 0.9),
}


def limit_style(name: str) -> LimitStyle:
    """Return the style of the limit called ``name``; one without a style of its own is drawn in plain ink, dotted."""
    return LIMIT_STYLES.get(name, LimitStyle(name, INK, ":", 1.4))


@contextmanager
def visual_language() -> Iterator[None]:
    """Draw and write with the project's fonts, sizes and reproducible files, whatever the user's own settings."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(
            {
                "figure.facecolor": PAPER,
                "font.size": 10,
                "axes.edgecolor": FAINT_INK,
                "axes.labelcolor": INK,
                "axes.spines.right": False,
                "axes.spines.top": False,
                "xtick.color": FAINT_INK,
                "ytick.color": FAINT_INK,
                "text.color": INK,
                "svg.hashsalt": "deeplimits",
                "savefig.dpi": 160,
            }
        )
        yield
