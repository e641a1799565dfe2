"""Pages from templates: everything that a page shows is quoted, and everything that it needs is in it."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined

from deeplimits.reports.bibliography import bibtex, citation, link
from deeplimits.reports.svg import theme_variables


def render(template: str, **content: Any) -> str:
    """Return the page of ``template``, one of the files in ``templates/``."""
    return _environment().get_template(template).render(**content)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(_source),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(bibtex=bibtex, citation=citation, link=link, theme=theme_variables())
    return environment


def _source(name: str) -> str:
    return resources.files(__package__).joinpath("templates", name).read_text(encoding="utf-8")
