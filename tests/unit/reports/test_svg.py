"""Drawings on a page: their colours follow its theme, and they keep their names to themselves."""

import pytest

from deeplimits.figures.style import DARK, INK
from deeplimits.reports.svg import theme_variables, themed, variable

FILE = (
    '<?xml version="1.0"?>\n<!DOCTYPE svg>\n<svg width="9pt" viewBox="0 0 9 9" xmlns="http://www.w3.org/2000/svg">'
    '<metadata><a href="http://elsewhere"/></metadata><defs><style type="text/css">*{stroke-linecap: butt}</style>'
    '<path id="mark"/></defs><g id="line" style="fill: none; stroke: #1b1f24; stroke-width: 2">'
    '<use xlink:href="#mark" style="fill: #12ab34" clip-path="url(#clip)"/></g></svg>'
)


def test_colours_of_the_visual_language_become_variables_and_others_stay() -> None:
    svg = themed(FILE, prefix="law", alt="a law")
    assert "stroke: var(--c-1b1f24)" in svg
    assert "fill: #12ab34" in svg
    assert "fill: none" in svg


def test_names_are_its_own() -> None:
    svg = themed(FILE, prefix="law", alt="a law")
    assert 'id="law-mark"' in svg
    assert 'href="#law-mark"' in svg
    assert "url(#law-clip)" in svg


def test_it_has_its_words_and_neither_size_nor_style_of_its_own() -> None:
    svg = themed(FILE, prefix="law", alt='a "law" & more')
    assert svg.startswith("<svg ")
    assert 'role="img" aria-label="a &quot;law&quot; &amp; more"' in svg
    for word in ("width=", "<style", "elsewhere", "<?xml"):
        assert word not in svg.replace("stroke-width", "")


def test_a_drawing_without_a_view_is_refused() -> None:
    with pytest.raises(ValueError, match="no viewBox"):
        themed("<svg><g/></svg>", prefix="law", alt="")


def test_every_colour_has_its_variable() -> None:
    assert theme_variables()[variable(INK)] == (INK, DARK[INK])
    assert len(theme_variables()) == len(DARK)
