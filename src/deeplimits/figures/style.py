"""The visual language: simulation is ink, each limit has one colour and line style everywhere.

The colours are told apart by colour-blind readers (Okabe and Ito 2008), the line styles and widths by a printer. Each
colour has a counterpart on a dark page, by which a page replaces it, so that the drawing is legible on both.
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
_TONES = (INK, "#3f4750", "#5c6570", "#757e89", "#8b949f")  # of ink, darkest first


@dataclass(frozen=True)
class LimitStyle:
    """Say how one limit is drawn.

    Args:
        label: the limit's name in words.
        color: line and label colour.
        line: matplotlib line style.
        width: line width in points.
        dark: the colour on a dark page; the same if empty.
    """

    label: str
    color: str
    line: str
    width: float
    dark: str = ""


LIMIT_STYLES = {
    "infinite-width": LimitStyle("infinite width", "#737980", "--", 1.6, "#a2a9b2"),
    "log-gaussian": LimitStyle("log-Gaussian", "#0072b2", "-", 2.0, "#4db2f0"),
    "depth-flow": LimitStyle("depth flow", "#00805f", "-", 1.8, "#3cc79f"),
    "exact": LimitStyle("exact", "#000000", "-", 0.9, "#ffffff"),
    "ntk": LimitStyle("NTK", "#c2541b", "-", 1.6, "#ff9d5c"),
    "mean-field": LimitStyle("mean field", "#7a3fa0", "-.", 1.8, "#c79cf0"),
    "init-corrected": LimitStyle("mean field, initial logits kept", "#806000", "--", 1.8, "#e0b84d"),
    "ode": LimitStyle("ODE of the trend", "#4350c4", "-", 1.8, "#98a6ff"),
    "linear-ode": LimitStyle("linear ODE", "#4350c4", "--", 1.4, "#98a6ff"),
    "sde": LimitStyle("SDE", "#8c510a", "-", 1.8, "#d9a05b"),
    "intermediate": LimitStyle("intermediate", "#a8326e", ":", 1.8, "#f08cc0"),
}
DARK = {
    INK: "#e8eaed",
    FAINT_INK: "#a3abb7",
    SIMULATION_FILL: "#3a424d",
    PAPER: "#14171b",
    **dict(zip(_TONES[1:], ("#c6cbd1", "#a9b0b8", "#8b939d", "#6f7882"), strict=True)),
    **{style.color: style.dark for style in LIMIT_STYLES.values() if style.dark},
}


def limit_style(name: str) -> LimitStyle:
    """Return the style of the limit called ``name``; one without a style of its own is drawn in plain ink, dotted."""
    return LIMIT_STYLES.get(name, LimitStyle(name, INK, ":", 1.4))


def shades(count: int) -> list[str]:
    """Return ``count`` tones of ink, palest first: for what is simulated at several values of one parameter.

    Raises:
        ValueError: there are not that many tones.
    """
    if not 1 <= count <= len(_TONES):
        raise ValueError(f"there are 1 to {len(_TONES)} tones of ink, got {count}; draw fewer curves in one panel")
    last = len(_TONES) - 1
    return [_TONES[round(i * last / max(1, count - 1))] for i in range(count)][::-1]


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
