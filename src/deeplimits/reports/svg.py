"""A drawing as part of a page: it follows the page's theme, and shares no name with another drawing."""

from __future__ import annotations

import html
import io
import re
from typing import TYPE_CHECKING

from deeplimits.figures.style import DARK, visual_language

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Figure
else:
    Figure = object  # named, not imported, for those who only read a page

_PAINT = re.compile(r"\b(fill|stroke|stop-color): ?(#[0-9a-f]{6})\b")
_NAMED = re.compile(r'(\bid="|\bhref="#|url\(#)')
_LEFT_OUT = re.compile(r"<metadata>.*?</metadata>|<style type=\"text/css\">.*?</style>", re.DOTALL)


def variable(color: str) -> str:
    """Return the name of the CSS variable for a colour of the visual language.

    >>> variable("#0072b2")
    '--c-0072b2'
    """
    return f"--c-{color[1:].lower()}"


def theme_variables() -> dict[str, tuple[str, str]]:
    """Return every variable with its colour on a light and on a dark page."""
    return {variable(light): (light, dark) for light, dark in DARK.items()}


def inline_svg(figure: Figure, *, prefix: str, alt: str) -> str:
    """Return ``figure`` as an ``<svg>`` element for a page that defines `theme_variables`.

    Args:
        figure: what to draw.
        prefix: begins the name of every element, and no other drawing's on the page.
        alt: what is said to those who cannot see it.
    """
    with visual_language(), io.StringIO() as file:
        figure.savefig(file, format="svg", metadata={"Date": None})
        text = file.getvalue()
    return themed(text, prefix=prefix, alt=alt)


def themed(svg: str, *, prefix: str, alt: str) -> str:
    """Return an SVG file's text as `inline_svg` does."""
    head, _, body = svg[svg.index("<svg") :].partition(">")
    view = re.search(r'viewBox="[^"]*"', head)
    if view is None:
        raise ValueError("the drawing has no viewBox, so it cannot follow the width of a page")
    body = _NAMED.sub(rf"\g<1>{prefix}-", _LEFT_OUT.sub("", body))
    body = _PAINT.sub(_follow_theme, body)
    names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f'<svg {names} {view.group()} role="img" aria-label="{html.escape(alt, quote=True)}">{body}'


def _follow_theme(paint: re.Match[str]) -> str:
    what, color = paint.groups()
    return f"{what}: var({variable(color)})" if color in DARK else paint.group()
